"""How much spam do the rules notice, and how often are they wrong?

    python -m benchmarks.spam PATH

PATH is a folder with two public collections of texts that people have marked as spam or not: youtube-spam.csv (YouTube Spam
Collection; Alberto, Lochter and Almeida 2015) and SMSSpamCollection.tsv (Almeida, Hidalgo and Yamakami 2011). They are no
reviews of books; those of the sample are, and none of them is spam. A text that stands in a collection several times counts
once. For each rule alone and for all together it prints how many of the spam they catch, and how many false alarms they
raise; then what looking at a text costs.
"""

import argparse
import csv
import time
from collections import Counter, defaultdict
from pathlib import Path
from statistics import median

from bookreviews.sample.reviews import told
from bookreviews.spam import rules
from bookreviews.spam.repeats import ALIKE
from bookreviews.spam.shingles import resemblance, shingles, sketch
from bookreviews.text import clean_text

RULES = ("links", "contact", "repeated")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("path", type=Path, help="the folder with the two collections")
    folder = options.parse_args().path
    report("YouTube comments", youtube(folder / "youtube-spam.csv"))
    report("SMS", sms(folder / "SMSSpamCollection.tsv"))
    report("Sample reviews", {f"{one['title']}\n{one['body']}": False for one in told() if one["body"]})


def youtube(path):
    """{text: whether it is spam}, of comments on videos."""
    with path.open(newline="", encoding="utf-8") as file:
        return {clean_text(row["content"]): row["spam"] == "1" for row in csv.DictReader(file)}


def sms(path):
    """The same, of short messages."""
    lines = [line.partition("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    return {clean_text(text): kind == "spam" for kind, _, text in lines}


def report(name, texts):
    """Print how the rules do on {text: whether it is spam}."""
    noticed, seconds = looked_at(texts)
    spam = [text for text in texts if texts[text]]
    ham = [text for text in texts if not texts[text]]
    cost = f"median {1000 * median(seconds):.2f} ms, slowest {1000 * max(seconds):.1f} ms"
    print(f"{name}: {len(spam)} spam, {len(ham)} not; {cost}")
    for rule in (*RULES, "any"):
        caught, wrong = (sum(rule in noticed[text] for text in some) for some in (spam, ham))
        print(f"  {rule:9} caught {share(caught, spam)}, false alarms {share(wrong, ham)}")


def looked_at(texts):
    """The rules that notice something of each text, in the order they came: {text: {rule, …}}, and the seconds of each."""
    noticed, seconds, before = {}, [], defaultdict(set)
    for text in texts:
        start = time.perf_counter()
        found = {sign.rule for sign in rules.signs(text)}
        hashes = sketch(text)
        if is_repeated(text, Counter(other for number in hashes for other in before[number])):
            found.add("repeated")
        seconds.append(time.perf_counter() - start)
        for number in hashes:
            before[number].add(text)
        noticed[text] = found | {"any"} if found else found
    return noticed, seconds


def is_repeated(text, others):
    """Whether one of the texts that share hashes with it says nearly the same."""
    own = shingles(text)
    return any(resemblance(own, shingles(other)) >= ALIKE for other, _ in others.most_common(20))


def share(some, all_of_them):
    return f"{some:4} of {len(all_of_them):4} ({some / len(all_of_them):6.2%})" if all_of_them else "none to find"


if __name__ == "__main__":
    main()
