"""Sessions begun and ended, second steps set up and proved, passkeys registered and used."""
