package dev.kindling.ui;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** Serves the page's script and style, which lie in the jar beside this class: Spark looks for files on its own class path only. */
final class ResourceServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final Map<String, String> TYPES =
            Map.of("training.js", "text/javascript", "training.css", "text/css");

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String name = request.getServletPath().substring(1);
        if (!TYPES.containsKey(name)) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        response.setContentType(TYPES.get(name) + ";charset=utf-8");
        try (InputStream in = ResourceServlet.class.getResourceAsStream(name)) {
            in.transferTo(response.getOutputStream());
        }
    }
}
