"""What a reader may type who wishes us ill, or knows more scripts than we do."""

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[a](javascript:alert(1)) ![b](https://tracker.example/x.png)" + " and so on" * 9,
    "# A *heading*\n\n> a quotation\n\n- a list\n\n>!a spoiler!<",
    "</div></form><h1>Mine</h1>",
    "{{ 7*7 }} &lt;b&gt; \u202eabc",
    "w" * 300,
    "كتاب جميل",
]
