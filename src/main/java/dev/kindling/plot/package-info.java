/**
 * Pictures: curves, confusion matrices, predicted and actual numbers, images, bars, weights, and one example's way through a network.
 *
 * <p>Imports the JDK, XChart for curves and Batik for SVG: no Spark, and nothing of Kindling but its exception. What is
 * drawn comes in as plain numbers and text. Read {@link dev.kindling.plot.Picture} first.
 *
 * <p>Colours are apart for colour-blind readers too: one hue from light to dark for counts, blue through white to red
 * for numbers around zero, and the lines' colours are those of Okabe and Ito, Color universal design, 2008.
 */
package dev.kindling.plot;
