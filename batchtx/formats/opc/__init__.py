"""Packages of Office files: zip, parts, relationships, names, signatures."""
