"""One declaration each: what is looked at in two feeds of one organisation, and how much may differ. The file is named as the check is."""
