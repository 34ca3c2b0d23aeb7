"""The tokens of the scripted model: every byte, the words of its answers, tags, and what only a template writes."""

START, END = "<|im_start|>", "<|im_end|>"


def alphabet():
    """The letter that stands for each byte, in the vocabularies of GPT-2 and its kind."""
    letters, spare = [], 256
    for byte in range(256):
        if 33 <= byte <= 126 or 161 <= byte <= 172 or 174 <= byte <= 255:
            letters.append(chr(byte))
        else:
            letters.append(chr(spare))
            spare += 1
    return letters


class Vocabulary:
    """A prompt is read byte by byte, as there are no merges; whole words are only written."""

    def __init__(self, answers, tags):
        self.letters = alphabet()
        said = {token: None for tokens in answers.values() for token in tokens}
        words = [self.spell(token) for token in said if len(token) > 1 and token not in tags]
        self.plain = self.letters + words
        self.tags = list(tags)
        self.special = [END, START, *(self.marker(name) for name in answers)]
        self.tokens = self.plain + self.tags + self.special
        self.index = {token: index for index, token in enumerate(self.tokens)}
        self.end = self.index[END]

    def spell(self, text):
        return "".join(self.letters[ord(character)] for character in text)

    def number(self, token):
        """Of a tag, a word of an answer, or a single byte."""
        return self.index[token if token in self.tags else self.spell(token)]

    @staticmethod
    def marker(name):
        """The token of a prompt that says what to answer."""
        return f"<|{name}|>"

    def __len__(self):
        return len(self.tokens)
