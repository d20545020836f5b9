"""The service: a page and a REST API over HTTP, for texts and documents; needs the extra `service`."""
