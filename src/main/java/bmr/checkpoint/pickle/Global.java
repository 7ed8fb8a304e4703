package bmr.checkpoint.pickle;

import bmr.tensor.DType;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The names of Python's that a pickle may mention: those of PyTorch's own weights-only reader and
 * of A1111's restricted one, as far as models need them. None of them is ever called; each has a
 * meaning here, or none.
 *
 * @param dtype of storages and of types
 */
record Global(Kind kind, Optional<DType> dtype) {
  /** What a name means when it is called. */
  enum Kind {
    DICTIONARY,
    PARAMETER_DICTIONARY,
    STORAGE,
    UNTYPED_STORAGE,
    DTYPE,
    TENSOR,
    TENSOR_OF_TYPE,
    PARAMETER,
    FROM_TYPE,
    SIZE,
    INERT
  }

  private static final Set<String> INERT =
      Set.of(
          "collections.Counter",
          "torch.device",
          "torch.Tensor",
          "torch.strided",
          "torch.nn.parameter.Parameter",
          "torch.nn.Parameter",
          "torch.nn.modules.container.ParameterList",
          "torch._utils._rebuild_device_tensor_from_numpy",
          "numpy.core.multiarray.scalar",
          "numpy.core.multiarray._reconstruct",
          "numpy._core.multiarray.scalar",
          "numpy._core.multiarray._reconstruct",
          "numpy.dtype",
          "numpy.ndarray",
          "_codecs.encode",
          "builtins.set",
          "builtins.bytearray",
          "builtins.complex",
          "__builtin__.set",
          "__builtin__.bytearray",
          "__builtin__.complex",
          "pytorch_lightning.callbacks.model_checkpoint.ModelCheckpoint",
          "pytorch_lightning.callbacks.model_checkpoint");

  private static final Map<String, Kind> MEANINGS =
      Map.ofEntries(
          Map.entry("collections.OrderedDict", Kind.DICTIONARY),
          Map.entry("torch.nn.modules.container.ParameterDict", Kind.PARAMETER_DICTIONARY),
          Map.entry("torch._utils._rebuild_tensor", Kind.TENSOR),
          Map.entry("torch._utils._rebuild_tensor_v2", Kind.TENSOR),
          Map.entry("torch._utils._rebuild_tensor_v3", Kind.TENSOR_OF_TYPE),
          Map.entry("torch._utils._rebuild_parameter", Kind.PARAMETER),
          Map.entry("torch._utils._rebuild_parameter_with_state", Kind.PARAMETER),
          Map.entry("torch._tensor._rebuild_from_type_v2", Kind.FROM_TYPE),
          Map.entry("torch.Size", Kind.SIZE),
          Map.entry("torch.UntypedStorage", Kind.UNTYPED_STORAGE),
          Map.entry("torch.storage.UntypedStorage", Kind.UNTYPED_STORAGE));

  private static final Map<String, DType> STORAGES =
      Map.ofEntries(
          Map.entry("DoubleStorage", DType.F64),
          Map.entry("FloatStorage", DType.F32),
          Map.entry("HalfStorage", DType.F16),
          Map.entry("BFloat16Storage", DType.BF16),
          Map.entry("LongStorage", DType.I64),
          Map.entry("IntStorage", DType.I32),
          Map.entry("ShortStorage", DType.I16),
          Map.entry("CharStorage", DType.I8),
          Map.entry("ByteStorage", DType.U8),
          Map.entry("BoolStorage", DType.BOOL),
          Map.entry("ComplexFloatStorage", DType.C64));

  private static final Map<String, DType> TYPES =
      Map.ofEntries(
          Map.entry("float64", DType.F64),
          Map.entry("float32", DType.F32),
          Map.entry("float16", DType.F16),
          Map.entry("bfloat16", DType.BF16),
          Map.entry("float8_e4m3fn", DType.F8_E4M3),
          Map.entry("float8_e5m2", DType.F8_E5M2),
          Map.entry("float8_e4m3fnuz", DType.F8_E4M3FNUZ),
          Map.entry("float8_e5m2fnuz", DType.F8_E5M2FNUZ),
          Map.entry("float8_e8m0fnu", DType.F8_E8M0),
          Map.entry("int64", DType.I64),
          Map.entry("int32", DType.I32),
          Map.entry("int16", DType.I16),
          Map.entry("int8", DType.I8),
          Map.entry("uint64", DType.U64),
          Map.entry("uint32", DType.U32),
          Map.entry("uint16", DType.U16),
          Map.entry("uint8", DType.U8),
          Map.entry("bool", DType.BOOL),
          Map.entry("complex64", DType.C64));

  /** Names that build tensors of kinds that are not read, and what they are called. */
  private static final Map<String, String> UNSUPPORTED =
      Map.ofEntries(
          Map.entry("torch._utils._rebuild_qtensor", "quantized tensors"),
          Map.entry("torch.QInt8Storage", "quantized tensors"),
          Map.entry("torch.QUInt8Storage", "quantized tensors"),
          Map.entry("torch.QInt32Storage", "quantized tensors"),
          Map.entry("torch.QUInt4x2Storage", "quantized tensors"),
          Map.entry("torch.QUInt2x4Storage", "quantized tensors"),
          Map.entry("torch._utils._rebuild_sparse_tensor", "sparse tensors"),
          Map.entry("torch._utils._rebuild_sparse_csr_tensor", "sparse tensors"),
          Map.entry("torch._utils._rebuild_nested_tensor", "nested tensors"),
          Map.entry("torch._utils._rebuild_meta_tensor_no_storage", "tensors without numbers"),
          Map.entry("torch.ComplexDoubleStorage", "complex numbers in double precision"),
          Map.entry("torch.complex128", "complex numbers in double precision"));

  /** The meaning of a name; empty for a name that is not on the list. */
  static Optional<Global> of(String module, String name) {
    String whole = module + "." + name;
    if (INERT.contains(whole)) {
      return Optional.of(new Global(Kind.INERT, Optional.empty()));
    }
    Kind meaning = MEANINGS.get(whole);
    if (meaning != null) {
      return Optional.of(new Global(meaning, Optional.empty()));
    }
    if (module.equals("torch")) {
      DType storage = STORAGES.get(name);
      if (storage != null) {
        return Optional.of(new Global(Kind.STORAGE, Optional.of(storage)));
      }
      DType type = TYPES.get(name);
      if (type != null) {
        return Optional.of(new Global(Kind.DTYPE, Optional.of(type)));
      }
    }
    return Optional.empty();
  }

  /** What a name builds that is harmless and not read, in the plural. */
  static Optional<String> unsupported(String module, String name) {
    return Optional.ofNullable(UNSUPPORTED.get(module + "." + name));
  }
}
