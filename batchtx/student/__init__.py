"""Students: small models in bundle folders, with their tokenizers."""
