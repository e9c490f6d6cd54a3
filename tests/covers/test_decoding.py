"""What becomes of files that are sent as pictures."""

import struct
import zlib
from io import BytesIO
from random import Random

import pytest
from PIL import Image, ImageCms

from bookreviews.covers import decoding
from bookreviews.covers.decoding import MOVES, NO_PICTURE, TOO_LARGE, TOO_SMALL, WRONG_SHAPE, Unusable, pictures
from tests.factories import a_picture

PNG = b"\x89PNG\r\n\x1a\n"
RED = (200, 30, 40)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, *chunks, lines=b""):
    """A PNG by hand: what it claims need not be what is in it."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [chunk(b"IHDR", header), *chunks, chunk(b"IDAT", zlib.compress(lines)), chunk(b"IEND", b"")]
    return PNG + b"".join(parts)


def made(data):
    """The pictures that are made of a file, opened: {width: picture}."""
    found = {width: Image.open(BytesIO(picture)) for width, picture in pictures(data).items()}
    assert {picture.format for picture in found.values()} == {"WEBP"}
    return found


def largest(data):
    return made(data)[480]


def looks_like(picture, colour, place=(0.5, 0.5)):
    pixel = picture.convert("RGB").getpixel((int(picture.width * place[0]), int(picture.height * place[1])))
    return all(abs(one - other) < 12 for one, other in zip(pixel, colour, strict=True))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_comes_in_three_widths(kind):
    found = made(a_picture(1000, 1500, colour=RED, kind=kind))
    assert {width: picture.size for width, picture in found.items()} == {120: (120, 180), 240: (240, 360), 480: (480, 720)}
    assert all(looks_like(picture, RED) for picture in found.values())


def test_none_is_made_larger_than_it_was():
    assert {width: one.size for width, one in made(a_picture(200, 300)).items()} == {
        120: (120, 180), 240: (200, 300), 480: (200, 300),
    }  # fmt: skip


@pytest.mark.parametrize("size, after", [((500, 720), (480, 720)), ((460, 720), (460, 690)), ((480, 720), (480, 720))])
def test_what_is_nearly_two_by_three_is_trimmed_to_that(size, after):
    assert largest(a_picture(*size)).size == after


@pytest.mark.parametrize("size, after", [((480, 480), (480, 480)), ((600, 400), (480, 320)), ((480, 1440), (480, 1440))])
def test_other_shapes_of_covers_stay_as_they_are(size, after):
    assert largest(a_picture(*size)).size == after


@pytest.mark.parametrize("size", [(604, 400), (476, 1440), (9000, 120), (1, 2000)])
def test_what_is_no_shape_of_a_cover_is_refused(size):
    with pytest.raises(Unusable, match=WRONG_SHAPE):
        pictures(a_picture(*size))


def test_what_is_too_small_is_refused():
    with pytest.raises(Unusable, match=TOO_SMALL):
        pictures(a_picture(119, 180))


MODES = {
    "RGB": RED, "L": 200, "1": 1, "P": 0, "LA": (200, 255), "RGBA": (*RED, 255), "CMYK": (0, 200, 200, 50), "I;16": 30_000,
}  # fmt: skip


@pytest.mark.parametrize("mode, kind", [(mode, "PNG") for mode in MODES if mode != "CMYK"] + [("CMYK", "JPEG")])
def test_pictures_of_every_mode_are_taken(mode, kind):
    assert largest(a_picture(mode=mode, kind=kind, colour=MODES[mode])).mode == "RGB"


@pytest.mark.parametrize("value", [0, 30_000, 65_535])
def test_sixteen_bits_are_as_bright_as_eight(value):
    assert looks_like(largest(a_picture(mode="I;16", colour=value)), [value // 257] * 3)


@pytest.mark.parametrize("mode, colour", [("RGBA", (200, 30, 40, 0)), ("LA", (0, 0))])
def test_what_is_transparent_stands_on_paper(mode, colour):
    assert looks_like(largest(a_picture(mode=mode, colour=colour)), (251, 249, 244))


def test_a_palette_with_a_transparent_colour_does_as_well():
    assert looks_like(largest(a_picture(mode="P", colour=0, transparency=0)), (251, 249, 244))


def test_a_picture_is_turned_as_the_camera_was_held_and_tells_nothing_of_where_it_was():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "A secret camera"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)  # latitude
    image = Image.new("RGB", (900, 600), RED)
    image.paste((10, 10, 200), (0, 0, 900, 60))
    file = BytesIO()
    image.save(file, "JPEG", exif=exif, quality=95, comment=b"A secret comment", xmp=b"<x>A secret packet</x>")
    for picture in made(file.getvalue()).values():
        assert picture.size == (picture.width, picture.width * 3 // 2)
        assert looks_like(picture, (10, 10, 200), (0.98, 0.5)), "what was above is at the right"
        assert not picture.getexif() and not {"exif", "xmp", "icc_profile", "comment"} & picture.info.keys()
    assert not [one for one in pictures(file.getvalue()).values() if b"secret" in one]


def test_a_profile_of_colours_is_heeded_where_it_makes_sense():
    unfit = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    assert looks_like(largest(a_picture(icc_profile=unfit, colour=RED)), RED)
    srgb = ImageCms.ImageCmsProfile(decoding.SRGB).tobytes()
    assert looks_like(largest(a_picture(icc_profile=srgb, colour=RED)), RED)
    assert looks_like(largest(a_picture(icc_profile=b"nonsense", colour=RED)), RED)


POLYGLOTS = [b"<script>alert(1)</script>", b"PK\x03\x04 a zip", b"%PDF-1.4 secret", b"<?php system('id') ?>"]


@pytest.mark.parametrize("more", POLYGLOTS)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_of_what_hides_behind_a_picture_nothing_is_left(kind, more):
    assert not [one for one in pictures(a_picture(kind=kind) + more).values() if more in one]


def test_of_what_hides_within_a_picture_nothing_is_left():
    lines = b"".join(b"\0" + b"\1\2\3" * 200 for _ in range(300))
    text = chunk(b"tEXt", b"Comment\0<script>alert(1)</script>")
    assert not [one for one in pictures(png(200, 300, text, lines=lines)).values() if b"script" in one]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x",
        b"Dear site, this is my cover.\n" * 100,
        b'<svg xmlns="http://www.w3.org/2000/svg" width="200" height="300"><script>alert(1)</script></svg>',
        b"<!doctype html><title>cover.png</title>",
        b"GIF89a/*" + b"\0" * 40 + b"*/=alert(1)",
        b"%PDF-1.4\n" + b"\xff\xd8\xff\xe0",
        b"RIFF\x10\0\0\0WEBPVP8 ",
        PNG,
        png(200, 300),
        png(0, 0),
        png(200, 300, chunk(b"iCCP", b"x\0\0" + zlib.compress(b"\0" * 50_000_000)), lines=b"x"),
        png(200, 300, chunk(b"zTXt", b"x\0\0" + zlib.compress(b"\0" * 50_000_000)), lines=b"x"),
    ],
    ids=range(13),
)
def test_what_is_no_picture_is_refused(data):
    with pytest.raises(Unusable, match=NO_PICTURE):
        pictures(data)


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "ICO", "PPM", "TGA", "AVIF"])
def test_pictures_of_other_formats_are_refused(kind):
    with pytest.raises(Unusable, match=NO_PICTURE):
        pictures(a_picture(200, 300, kind=kind))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_truncated_picture_is_refused(kind):
    noise = BytesIO()
    Image.effect_noise((400, 600), 90).convert("RGB").save(noise, kind)
    for part in (0.1, 0.5, 0.9):
        with pytest.raises(Unusable, match=NO_PICTURE):
            pictures(noise.getvalue()[: int(len(noise.getvalue()) * part)])


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_damaged_picture_is_refused_or_shown_and_breaks_nothing(kind):
    random, file = Random(7), a_picture(200, 300, kind=kind)
    for _ in range(60):
        damaged = bytearray(file)
        for _ in range(1 + len(file) // 200):
            damaged[random.randrange(len(file))] = random.randrange(256)
        try:
            assert largest(bytes(damaged)).format == "WEBP"
        except Unusable:
            pass


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_picture_that_moves_is_refused(kind):
    others = [Image.new("RGB", (200, 300), colour) for colour in ("red", "blue")]
    with pytest.raises(Unusable, match=MOVES):
        pictures(a_picture(200, 300, kind=kind, save_all=True, append_images=others))


def test_a_telephones_picture_with_others_behind_it_is_its_first():
    with_depth = a_picture(200, 300, colour=RED, kind="MPO", save_all=True, append_images=[Image.new("RGB", (200, 300))])
    assert looks_like(largest(with_depth), RED)


@pytest.mark.parametrize("width, height", [(30_000, 30_000), (65_535, 65_535), (2**31 - 1, 2**31 - 1), (5_001, 5_000)])
def test_a_bomb_is_refused_before_it_goes_off(width, height):
    with pytest.raises(Unusable, match="million pixels|not a JPEG"):
        pictures(png(width, height, lines=b"\0" * 1_000))


def test_so_is_one_that_is_small_as_webp():
    with pytest.raises(Unusable, match="12 million pixels"):
        pictures(a_picture(4_000, 4_000, kind="WEBP", lossless=True))


def test_a_jpeg_may_have_more_pixels():
    assert largest(a_picture(4_000, 6_000, mode="L", colour=90, kind="JPEG")).size == (480, 720)


def test_a_jpeg_of_a_thousand_parts_is_refused():
    file = a_picture(200, 300, kind="JPEG", progressive=True)
    part = file[file.rindex(b"\xff\xda") : -2]
    assert largest(file[:-2] + part * 20 + file[-2:])
    with pytest.raises(Unusable, match=NO_PICTURE):
        pictures(file[:-2] + part * 1_000 + file[-2:])


def test_a_file_of_more_than_eight_megabytes_is_refused():
    with pytest.raises(Unusable, match=TOO_LARGE):
        pictures(b"\0" * (decoding.LARGEST + 1))
