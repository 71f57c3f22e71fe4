using System.Globalization;
using System.Text;

namespace GpuWorker.Tests.Tokenizers;

/// <summary>Strings that tokenizers have been known to differ on, assigned code points in two contexts (ideographs and Hangul syllables by the sixteenth), and random mixtures.</summary>
internal static class ParityStrings
{
    private static readonly string[] Edges =
    [
        "", " ", "  ", "\n", "\r\n", "\r", "\t", " \n ", "\n\n\n", "a\n", "\na", " a", "  a", "a  b", "a \n b", "   \n\n  x", "x   ", "\t\tx", " \t x\u00a0y\u3000z\u2028w\u0085v\ufeffu\u200bt",
        "I'm you're he'll we've they'd it's don't", "I'M YOU'RE HE'LL WE'VE THEY'D IT'S DON'T", "x'\u017F x'\u212A 'S'T'RE", "''s 's'", "'",
        "1", "12", "123", "1234", "12345", "1234567890", "3.14159", "1,000,000", "٣٤٥٦", "Ⅷ½²", "x1y2z3", "50%", "$5",
        "e\u0301", "\u00e9", "\u1e69", "s\u0323\u0307", "s\u0307\u0323", "\u212b", "\u2126", "\uac01", "\u1100\u1161\u11a8", "\ufb01", "\u0344", "\u0958", "\u2adc", "\ud834\udd5e",
        "\u0301\u0301", "a\u0301\u0327",
        "\U0001D49C\U0001D4B7", "\U00010330\U00010331 gothic", "\U0001F600\U0001F468\u200D\U0001F469\u200D\U0001F467", "\U0001F1E9\U0001F1EA", "\U0001D7CE\U0001D7CF", "\U00020000\U0002A6D6",
        "\U0010FFFF\uFFFE\uFFFF",
        "def f(x):\n    return x**2\n", "```python\nprint('hi')\n```", "\\boxed{\\frac{1}{2}}", "x_{i+1} = x_i^2 - \\sqrt{2}", "https://example.org/a?b=c&d=%20", "!!!???...", "a.b.c", "foo_bar-baz",
        "<|im_start|>user\nhi<|im_end|>\n", "<|im_end|><|im_end|>", "a<|endoftext|>b", "<|eot_id|> x", "<|begin_of_text|>", "<|im_start", "<think>\nhm\n</think>", "<|<|im_end|>|>", "\u0003",
        "\0", "\u001b[0m", "\u00ad",
        "Здравствуй, мир", "مرحبا بالعالم", "שלום", "नमस्ते दुनिया", "สวัสดี", "你好，世界", "こんにちは世界", "안녕하세요", "Ελληνικά", "ქართული", "አማርኛ", "𐍈𐌰",
        "Zoë naïve façade Ångström", "ÀÁÂ", "ﷺ", "ǅ", "ß ẞ", "İi ıI",
    ];

    private static readonly string[] Pieces =
    [
        " ", "  ", "\n", "\r\n", "\t", "\u00a0", "'s", "'LL", "'", "the", "The", "ing", "x", "Z", "é", "e\u0301", "数", "かな", "한", "ж", "ש", "ا", "\U0001D49C", "\U0001F600", "\u200D",
        "0", "7", "42", "٣", "½", ".", ",", "...", "!", "?", "(", ")", "{", "}", "\\", "/", "-", "_", "=", "+", "*", "^", "$", "%", "#", "\"", "<|im_end|>", "<think>", "<|eot_id|>", "frac",
        "sqrt", "boxed", "\u0301", "\u0327", "\u3000",
    ];

    public static IReadOnlyList<string> All()
    {
        List<string> strings = [.. Edges];
        strings.AddRange(CodePoints("a", "b", 12));
        strings.AddRange(CodePoints(" '", "1 ", 12));
        var random = new Random(20_251_125);
        for (var i = 0; i < 5_000; i++)
            strings.Add(string.Concat(Enumerable.Range(0, random.Next(1, 24)).Select(_ => Pieces[random.Next(Pieces.Length)])));
        for (var i = 0; i < 2_000; i++)
            strings.Add(string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => (char)random.Next(' ', '~' + 1))));
        strings.Add(new string('a', 5_000));
        strings.Add(new string(' ', 3_000) + "x");
        strings.Add(string.Concat(Enumerable.Repeat("\U0001F600", 500)));
        return strings;
    }

    // Node knows Unicode 15.0 and .NET a later one: a letter that only one of them knows is split apart differently, so only what both know is asked.
    private static IEnumerable<string> CodePoints(string before, string after, int together)
    {
        var text = new StringBuilder();
        var count = 0;
        for (var value = 1; value < 0x32000; value++)
        {
            if (!Rune.IsValid(value) || Rune.GetUnicodeCategory(new(value)) is UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse
                || LaterThanUnicode15(value) || (value is (>= 0x3400 and <= 0x9FFF) or (>= 0xAC00 and <= 0xD7A3) or >= 0x17000 and <= 0x18CFF or >= 0x20000 && value % 16 != 0))
                continue;
            text.Append(before).Append(new Rune(value).ToString()).Append(after);
            if (++count % together != 0)
                continue;
            yield return text.ToString();
            text.Clear();
        }

        yield return text.ToString();
    }

    private static bool LaterThanUnicode15(int value) => value is (>= 0x2EBF0 and <= 0x2EE5D) or (>= 0x2FFC and <= 0x2FFF) or 0x31EF // 15.1
        or 0x897 or 0x1C89 or 0x1C8A or 0xA7CB or 0xA7CC or 0xA7CD or 0xA7DA or 0xA7DB or 0xA7DC or 0x31E4 or 0x31E5 // 16.0
        or (>= 0x10D40 and <= 0x10D8F) or (>= 0x105C0 and <= 0x105F3) or (>= 0x10EC2 and <= 0x10EC4) or 0x10EFC or (>= 0x11380 and <= 0x113E2) or (>= 0x116D0 and <= 0x116E3)
        or (>= 0x11BC0 and <= 0x11BF9) or (>= 0x11F5A and <= 0x11F5A) or (>= 0x13460 and <= 0x143FA) or (>= 0x16100 and <= 0x16139) or (>= 0x16D40 and <= 0x16D79)
        or 0x18CFF or (>= 0x1CC00 and <= 0x1CEB3) or (>= 0x1E5D0 and <= 0x1E5FF) or (>= 0x1F8B2 and <= 0x1F8C1) or 0x1F8B2
        or (>= 0x1FA89 and <= 0x1FA8F) or 0x1FABE or 0x1FAC6 or 0x1FADC or 0x1FADF or 0x1FAE9 or (>= 0x1FBCB and <= 0x1FBEF);
}
