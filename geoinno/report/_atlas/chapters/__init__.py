"""The chapters of the atlas, a file each, with ``chapter(subject)``: None where there is nothing to say."""
