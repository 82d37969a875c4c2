package dev.kindling.ui;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;

/** A filter of Spark's UI that believes a header who the user is, as filters for single sign-on do. */
public final class NamedUser implements Filter {
    /** The one user who may see the UI. */
    public static final String MAY_LOOK = "alice";

    static final String HEADER = "X-User";

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest http = (HttpServletRequest) request;
        chain.doFilter(
                new HttpServletRequestWrapper(http) {
                    @Override
                    public String getRemoteUser() {
                        return http.getHeader(HEADER);
                    }
                },
                response);
    }
}
