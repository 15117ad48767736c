"""One declaration each: what readers may be shown of an organisation's contracts and plans. The file is named as the kind is."""
