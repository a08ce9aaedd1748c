FROM python:3.11-slim-trixie

# fonts for reports: without them names in Chinese, Thai and other scripts are boxes in a PDF, which then says so;
# pg_dump and pg_restore of PostgreSQL 17 for tweeluik backup and restore
RUN apt-get update && apt-get install -y --no-install-recommends fonts-noto-core fonts-noto-cjk postgresql-client \
    && rm -rf /var/lib/apt/lists/*

RUN useradd --uid 10001 --create-home --home-dir /var/lib/tweeluik tweeluik
WORKDIR /opt/tweeluik

COPY requirements.txt ./
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt

COPY pyproject.toml README.md ./
COPY domain domain
COPY adapters adapters
COPY api api
RUN pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation .

# by number: a cluster that starts nothing as root cannot tell who a name is
USER 10001
WORKDIR /var/lib/tweeluik
ENTRYPOINT ["tweeluik"]
CMD ["--help"]
