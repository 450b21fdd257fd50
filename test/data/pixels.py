"""Reference pixels of torchvision: reads {"files": […], "size": n | null, "mode": "RGB" | "L"} from standard input and writes
the pixels of all files, each decoded by Pillow as torchvision's data sets do, then Resize(size) and CenterCrop(size)."""

import json
import sys
import warnings

from PIL import Image
from torchvision import transforms

warnings.simplefilter("ignore")
given = json.load(sys.stdin)
size = given["size"]
crop = transforms.Compose([transforms.Resize(size), transforms.CenterCrop(size)]) if size else lambda image: image
for file in given["files"]:
    with Image.open(file) as image:
        sys.stdout.buffer.write(crop(image.convert(given["mode"])).tobytes())
