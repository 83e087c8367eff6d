"""The page as a browser shows it. Needs the `browser` extra and chromium; .ci/run installs them."""
