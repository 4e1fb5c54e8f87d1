# docker build -t tracker . && docker run -v tracker-data:/data -v ./config:/config tracker
FROM python:3.13-slim AS build
WORKDIR /src
COPY . .
RUN python -m venv /opt/tracker \
 && /opt/tracker/bin/pip install --no-cache-dir --require-hashes -r requirements.lock \
 && /opt/tracker/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.13-slim
RUN useradd --uid 10001 tracker \
 && install --directory --owner tracker /data /config
COPY --from=build /opt/tracker /opt/tracker
USER 10001
# feeds.toml in /config/tracker, the store in /data/tracker, and what charts are drawn
# with in /data/matplotlib: there is no home.
ENV PATH=/opt/tracker/bin:$PATH XDG_CONFIG_HOME=/config XDG_DATA_HOME=/data \
    MPLCONFIGDIR=/data/matplotlib
VOLUME ["/config", "/data"]
EXPOSE 8642
HEALTHCHECK --interval=5m --start-period=10m CMD ["tracker", "health"]
ENTRYPOINT ["tracker"]
CMD ["run"]
