package dev.kindling.plot;

import dev.kindling.error.KindlingException;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.awt.image.RenderedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.ImageHandlerBase64Encoder;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.apache.batik.svggen.SVGGraphics2DIOException;
import org.apache.batik.svggen.SimpleImageHandler;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** Something that can be drawn, with the same strokes as PNG and as SVG. No screen is needed, but fonts are. */
public interface Picture {
    /** Up to this width and height a PNG has two pixels for a unit, so that it is sharp on today's screens. */
    int LARGE = 1_200;

    /** In units of one pixel of a plain screen. */
    int width();

    /** In units of one pixel of a plain screen. */
    int height();

    /** Draws on white, from (0, 0) to (width, height). */
    void draw(Graphics2D g);

    /**
     * The picture as the bytes of a PNG file.
     *
     * @throws KindlingException if this machine has no fonts, naming the package to install
     */
    default byte[] png() {
        checkFonts();
        int scale = Math.max(width(), height()) > LARGE ? 1 : 2;
        BufferedImage image = new BufferedImage(scale * width(), scale * height(), BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, image.getWidth(), image.getHeight());
        g.scale(scale, scale);
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
        draw(g);
        g.dispose();
        return compressed(image);
    }

    /**
     * The picture as the bytes of an SVG file.
     *
     * @throws KindlingException if this machine has no fonts, naming the package to install
     */
    default byte[] svg() {
        checkFonts();
        try {
            Document document = DocumentBuilderFactory.newDefaultInstance()
                    .newDocumentBuilder()
                    .getDOMImplementation()
                    .createDocument("http://www.w3.org/2000/svg", "svg", null);
            SVGGeneratorContext context = SVGGeneratorContext.createDefault(document);
            context.setPrecision(2);
            context.setGenericImageHandler(new SimpleImageHandler(new PngHandler()));
            SVGGraphics2D g = new SVGGraphics2D(context, false);
            g.setColor(Color.WHITE);
            g.fillRect(0, 0, width(), height());
            draw(g);
            Element root = g.getRoot();
            root.setAttribute("viewBox", "0 0 " + width() + " " + height());
            root.setAttribute("image-rendering", "pixelated"); // images are drawn at many times their size
            StringWriter text = new StringWriter();
            g.stream(root, text, true, false);
            return text.toString().getBytes(StandardCharsets.UTF_8);
        } catch (ParserConfigurationException | IOException e) {
            throw new IllegalStateException("every JDK has a DOM, and a string is no file", e);
        }
    }

    /** Images within an SVG, written by the JDK: Batik's own writers are in another, larger jar. */
    final class PngHandler extends ImageHandlerBase64Encoder {
        private PngHandler() {}

        @Override
        public void encodeImage(RenderedImage image, OutputStream out) throws SVGGraphics2DIOException {
            try {
                ImageIO.write(image, "png", out);
            } catch (IOException e) {
                throw new SVGGraphics2DIOException(e);
            }
        }
    }

    /** A PNG as small as the JDK can make it. */
    private static byte[] compressed(BufferedImage image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        ImageWriteParam smallest = writer.getDefaultWriteParam();
        smallest.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        smallest.setCompressionQuality(0);
        try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), smallest);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    private static void checkFonts() {
        try {
            new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB)
                    .createGraphics()
                    .getFontMetrics(new Font(Font.SANS_SERIF, Font.PLAIN, 12))
                    .stringWidth("x");
        } catch (RuntimeException | Error e) { // the JDK throws as it comes: InternalError, UnsatisfiedLinkError, ...
            throw new KindlingException(
                    "pictures: found no fonts on this machine, expected fontconfig and a font: install them, on Debian"
                            + " and Ubuntu with: apt-get install fontconfig fonts-dejavu-core",
                    e);
        }
    }
}
