# An image with a Python for functions, made from LocalEmu's.
ARG LOCALEMU_IMAGE=localemu/localemu:0.1.0
FROM ${LOCALEMU_IMAGE}
USER root
RUN apt-get update && apt-get install --yes --no-install-recommends python3 && rm -rf /var/lib/apt/lists/*
USER node
