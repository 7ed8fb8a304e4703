/** Pictures as SVG text: numbers and names in, a picture that follows the page's colours out. */
@NullMarked
package bmr.report.svg;

import org.jspecify.annotations.NullMarked;
