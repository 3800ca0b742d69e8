"""Notices: what the site tells a person, in the site, by e-mail, on the phone, or through a gateway that the site was given."""
