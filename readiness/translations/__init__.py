"""gettext catalogues of the interface; English is the source language and needs none."""
