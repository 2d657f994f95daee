"""Places that hold files: folders of this machine, buckets, web servers."""
