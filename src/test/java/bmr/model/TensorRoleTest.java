package bmr.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import bmr.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TensorRoleTest {
  @ParameterizedTest
  @CsvSource({
    "cond_stage_model.transformer.text_model.embeddings.position_ids, POSITION_IDS",
    "conditioner.embedders.0.transformer.text_model.embeddings.position_ids, POSITION_IDS",
    "conditioner.embedders.1.model.transformer.text_model.embeddings.position_ids, POSITION_IDS",
    "text_model.embeddings.position_ids, POSITION_IDS",
    "conditioner.embedders.1.model.logit_scale, FIXED",
    "cond_stage_model.model.logit_scale, FIXED",
    "my_logit_scale, BLENDED",
    "betas, SCHEDULE",
    "alphas_cumprod, SCHEDULE",
    "alphas_cumprod_prev, SCHEDULE",
    "sqrt_recipm1_alphas_cumprod, SCHEDULE",
    "log_one_minus_alphas_cumprod, SCHEDULE",
    "posterior_mean_coef1, SCHEDULE",
    "lvlb_weights, SCHEDULE",
    "logvar, SCHEDULE",
    "scale_factor, SCHEDULE",
    "denoiser.sigmas, SCHEDULE",
    "v_pred, MARKER",
    "ztsnr, MARKER",
    "edm_vpred.sigma_max, MARKER",
    "edm_mean, MARKER",
    "model_ema.decay, EMA",
    "model_ema.diffusion_modelinput_blocks00bias, EMA",
    "first_stage_model.model_ema.decay, EMA",
    "loss.logvar, TRAINING",
    "first_stage_model.loss.discriminator.main.0.weight, TRAINING",
    "optimizer_states.0.state.1.exp_avg, TRAINING",
    "global_step, TRAINING",
    "model.diffusion_model.out.0.weight, BLENDED",
    "first_stage_model.decoder.conv_in.weight, BLENDED",
    "conditioner.embedders.1.model.text_projection, BLENDED",
    "conditioner.embedders.1.model.positional_embedding, BLENDED",
  })
  void tellsRoles(String key, TensorRole role) {
    assertEquals(role, TensorRole.of(key));
  }

  @Test
  void agreesWithKeyListsFoundInTheWild() throws IOException {
    for (String list : List.of("sd1-ldm.tsv", "sdxl-sgm.tsv")) {
      Path path = SharedData.require("data/metadata/keys/" + list);
      for (String line : Files.readAllLines(path)) {
        String[] cells = line.split("\t");
        TensorRole role = TensorRole.of(cells[1]);
        TensorRole expected =
            switch (cells[0]) {
              case "ema" -> TensorRole.EMA;
              case "scheduler" -> TensorRole.SCHEDULE;
              case String _ when cells[1].endsWith("position_ids") -> TensorRole.POSITION_IDS;
              case String _ when cells[1].endsWith("logit_scale") -> TensorRole.FIXED;
              case String _ when cells[1].matches("v_pred|ztsnr|edm_vpred[.]sigma_m(in|ax)") ->
                  TensorRole.MARKER;
              default -> TensorRole.BLENDED;
            };
        assertEquals(expected, role, line);
      }
    }
  }
}
