# crm-kpi without root, on a root file system that may be read-only:
#   docker build -t crm-kpi .
#   docker run --rm --read-only --tmpfs /tmp --user "$(id -u):$(id -g)" -v "$PWD:/data" crm-kpi report -o report.html
# --user: so that it may write into your folder, and what it writes is yours.
FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY crm_kpi crm_kpi
RUN python -m venv /opt/crm-kpi \
    && /opt/crm-kpi/bin/pip install --no-cache-dir ".[all]"

FROM python:3.13-slim
# Letters of Vietnamese for pictures.
RUN apt-get update \
    && apt-get install -y --no-install-recommends fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /opt/crm-kpi /opt/crm-kpi
ENV PATH="/opt/crm-kpi/bin:$PATH" \
    PYTHONDONTWRITEBYTECODE=1 \
    XDG_CACHE_HOME=/tmp/cache
USER 1000:1000
WORKDIR /data
ENTRYPOINT ["crm-kpi"]
CMD ["--help"]
