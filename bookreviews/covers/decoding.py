"""From whatever somebody sends as a picture to the pictures of a cover, or to the sentence why not (pure).

Nothing of what was sent is passed on: it is decoded, and drawn anew. So neither what hides beside the picture (where it was
taken, scripts, archives) nor a fault in it reaches anybody's browser.
"""

import warnings
from io import BytesIO
from threading import Lock

from PIL import Image, ImageCms, ImageOps

LARGEST = 8 * 1024 * 1024  # bytes
FORMATS = ("JPEG", "PNG", "WEBP")
# In millions of pixels. Telephones take pictures of 24; what is no JPEG is unpacked in full size, and a WebP several times.
MOST, MOST_UNPACKED = 25, 12
WIDTHS = (120, 240, 480)
# How wide a cover may be for its height; and what is this near to 2 by 3, as the shelves are, is trimmed to just that.
NARROWEST, WIDEST, USUAL, NEAR = 1 / 3, 3 / 2, 2 / 3, 0.08
PAPER = "#fbf9f4"  # what shines through where a picture is transparent
# A JPEG that comes in parts may have thousands of them, each of which costs as much time as a picture.
START_OF_SCAN, MOST_SCANS = b"\xff\xda", 100
SRGB = ImageCms.createProfile("sRGB")

TOO_LARGE = "This file is larger than 8 MB. Please make the picture smaller, and send it again."
TOO_MANY_PIXELS = "This picture has more than {} million pixels. Please make it smaller, and send it again."
NO_PICTURE = "This is not a JPEG, PNG or WebP picture, or a part of it is missing. Please choose another file."
MOVES = "This picture moves. Please choose one that stands still."
TOO_SMALL = "This picture is too small: a cover is at least 120 pixels wide. Please choose a larger one."
WRONG_SHAPE = "This is too wide, or too narrow, for a cover. Please cut it to the front of the book, and send it again."

# Before anything is decoded, the size that a picture claims is compared with this.
Image.MAX_IMAGE_PIXELS = MOST * 1_000_000
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)
BOMBS = (Image.DecompressionBombWarning, Image.DecompressionBombError)
# Large pictures are unpacked one after the other, so that many at once need no more memory than one.
one_at_a_time = Lock()


class Unusable(ValueError):
    """No cover can be made of what was sent; the message says why."""


def pictures(data):
    """The pictures of a cover: {width: WebP}. The widths are those of WIDTHS; none is made larger than it was sent.

    :param data: a file as it was sent.
    :raises Unusable: where it is none of our formats, broken, too large, too small or no cover's shape.
    """
    if len(data) > LARGEST:
        raise Unusable(TOO_LARGE)
    with one_at_a_time:
        cover = shaped(decoded(data))
    return {width: webp(cover, width) for width in WIDTHS}


def decoded(data):
    """The picture in a file: upright, in sRGB, on paper, not much larger than a cover needs.

    :raises Unusable: where there is none.
    """
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as image:
            check(image, data)
            return on_paper(in_srgb(shrunk(image)))
    except Unusable:
        raise
    except BOMBS:
        raise Unusable(TOO_MANY_PIXELS.format(MOST)) from None
    except Exception:  # what a decoder trips over in a broken picture has a hundred names
        raise Unusable(NO_PICTURE) from None


def check(image, data):
    """
    :raises Unusable: where decoding the picture would cost too much, or it is more than one.
    """
    if image.format not in ("PNG", "WEBP"):  # JPEG, or MPO, which is a JPEG with others behind it
        if data.count(START_OF_SCAN) > MOST_SCANS:
            raise Unusable(NO_PICTURE)
    elif image.width * image.height > MOST_UNPACKED * 1_000_000:
        raise Unusable(TOO_MANY_PIXELS.format(MOST_UNPACKED))
    elif image.is_animated:
        raise Unusable(MOVES)


def shrunk(image):
    """An opened picture, decoded, small, in one of the modes RGB, RGBA, L and CMYK, and turned as its camera was held."""
    room = 2 * (max(WIDTHS) / NARROWEST,)
    image.draft(image.mode, room)  # a JPEG is decoded small at once
    image.load()
    if image.mode.startswith("I"):  # 16 bits, of which the lower 8 make no difference here
        image = image.point(lambda brightness: brightness / 256).convert("L")
    elif image.mode not in ("RGB", "RGBA", "L", "CMYK"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail(room)
    return ImageOps.exif_transpose(image)


def in_srgb(image):
    """A picture in the colours that browsers take for granted; RGB or RGBA."""
    profile = image.info.get("icc_profile")
    mode = "RGBA" if image.has_transparency_data else "RGB"
    if profile and mode == "RGB":
        try:
            return ImageCms.profileToProfile(image, ImageCms.ImageCmsProfile(BytesIO(profile)), SRGB, outputMode=mode)
        except (ImageCms.PyCMSError, OSError):  # a profile that is none, or of another kind of picture
            pass
    return image.convert(mode)


def on_paper(image):
    """A new picture that holds the colours of another one, and nothing else of it."""
    paper = Image.new("RGB", image.size, PAPER)
    paper.paste(image, mask=image if image.mode == "RGBA" else None)
    return paper


def shaped(image):
    """A picture in a cover's shape.

    :raises Unusable: where that is too far from its own, or it is too small.
    """
    shape = image.width / image.height
    if not NARROWEST <= shape <= WIDEST:
        raise Unusable(WRONG_SHAPE)
    if image.width < min(WIDTHS):
        raise Unusable(TOO_SMALL)
    if abs(shape / USUAL - 1) > NEAR:
        return image
    return ImageOps.fit(image, (min(image.width, round(image.height * USUAL)), min(image.height, round(image.width / USUAL))))


def webp(image, width):
    """A picture at most `width` wide, as WebP."""
    width = min(width, image.width)
    file = BytesIO()
    size = width, round(image.height * width / image.width)
    image.resize(size, Image.Resampling.LANCZOS).save(file, "WEBP", quality=80)
    return file.getvalue()
