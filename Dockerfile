# batchtx serve in a container (docs/service.md, "In a container"). A key is needed: the service refuses to listen without.
ARG PYTHON=3.11-slim-bookworm

FROM python:${PYTHON} AS build
WORKDIR /src
COPY setup.cfg pyproject.toml constraints.txt README.md LICENSE ./
COPY batchtx batchtx
RUN python -m venv /opt/batchtx \
    && /opt/batchtx/bin/pip install --no-cache-dir -c constraints.txt ".[service,review,glossary]"

FROM python:${PYTHON}
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin batchtx \
    && install -d -o batchtx -g batchtx -m 700 /data
COPY --from=build /opt/batchtx /opt/batchtx
COPY glossaries /glossaries
ENV PATH=/opt/batchtx/bin:$PATH \
    HOME=/data \
    PYTHONUNBUFFERED=1 \
    BATCHTX_SERVE_HOST=0.0.0.0 \
    BATCHTX_SERVE_PORT=5000 \
    BATCHTX_SERVE_DATA=/data/service
USER 10001:10001
WORKDIR /data
VOLUME ["/data"]
EXPOSE 5000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ['BATCHTX_SERVE_PORT'] + '/health', timeout=4)"]
ENTRYPOINT ["batchtx"]
CMD ["serve"]
