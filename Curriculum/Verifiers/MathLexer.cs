namespace Curriculum.Verifiers;

/// <summary>Cuts an answer, LaTeX or plain, into tokens.</summary>
/// <remarks>Commands are in <c>MathLexer.Commands.cs</c>, numbers in <c>MathLexer.Numbers.cs</c>, what each is read as in <see cref="MathSymbols"/>.</remarks>
internal sealed partial class MathLexer
{
    /// <summary>What the parser sees of a matrix, and of words that join.</summary>
    public const string BeginMatrix = "⟦";
    public const string EndMatrix = "⟧";
    public const string NextRow = "⏎";
    public const string And = "∧";
    public const string Or = "∨";
    public const string Over = "\\over";
    public const string Choose = "\\choose";

    private const int MaxNesting = 4;

    private readonly string _text;
    private readonly WorkBound _work;
    private readonly int _nesting;
    private readonly List<MathToken> _tokens = [];
    private int _at;
    private int _brackets;
    private bool _spaced;

    private MathLexer(string text, WorkBound work, int nesting) => (_text, _work, _nesting) = (text, work, nesting);

    /// <exception cref="UnreadableException">A sign or command is not understood.</exception>
    public static List<MathToken> Read(string text, WorkBound work, int nesting = 0)
    {
        if (nesting > MaxNesting)
            throw new UnreadableException("Text nested in text.");
        var lexer = new MathLexer(nesting == 0 ? MathDelimiters.Removed(text) : text, work, nesting);
        while (lexer._at < text.Length)
        {
            work.Spend(1);
            lexer.Next();
        }

        return lexer._tokens;
    }

    private void Next()
    {
        var character = _text[_at];
        if (char.IsWhiteSpace(character) || character == '~')
        {
            _at++;
            _spaced = true;
        }
        else if (character == '\\')
        {
            Command();
        }
        else if (char.IsAsciiDigit(character) || (character == '.' && _at + 1 < _text.Length && char.IsAsciiDigit(_text[_at + 1])))
        {
            Number();
        }
        else if (char.IsAsciiLetter(character))
        {
            var start = _at;
            while (_at < _text.Length && char.IsAsciiLetter(_text[_at]))
                _at++;
            Word(_text[start.._at]);
        }
        else
        {
            _at++;
            Sign(character);
        }
    }

    private void Add(MathTokenKind kind, string text)
    {
        if (kind == MathTokenKind.Sign && text is "(" or "[" or "\\{" or "⟨")
            _brackets++;
        else if (kind == MathTokenKind.Sign && text is ")" or "]" or "\\}" or "⟩")
            _brackets--;
        if (kind == MathTokenKind.Words && _tokens.Count > 0 && _tokens[^1] is { Kind: MathTokenKind.Words } before)
            _tokens[^1] = before with { Text = $"{before.Text} {text}" };
        else
            _tokens.Add(new(kind, text, _spaced));
        _spaced = false;
    }

    private void Sign(char character)
    {
        switch (character)
        {
            case 'π':
                Add(MathTokenKind.Letter, "pi");
                return;
            case '∞':
                Add(MathTokenKind.Command, "infty");
                return;
            case '√':
                Add(MathTokenKind.Command, "sqrt");
                return;
            case '²' or '³':
                Add(MathTokenKind.Sign, "^");
                Add(MathTokenKind.Number, character == '²' ? "2" : "3");
                return;
            case '½' or '¼' or '¾':
                // Written as 1/2 after a number, so that 1½ is read as a mixed number.
                _spaced = true;
                Add(MathTokenKind.Number, character == '¾' ? "3" : "1");
                Add(MathTokenKind.Sign, "/");
                Add(MathTokenKind.Number, character == '½' ? "2" : "4");
                return;
            case '∅':
                Add(MathTokenKind.Words, "∅");
                return;
        }

        if (MathSymbols.Unicode.TryGetValue(character, out var sign))
        {
            Add(MathTokenKind.Sign, sign);
            return;
        }

        var next = _at < _text.Length ? _text[_at] : '\0';
        var pair = (character, next) switch
        {
            ('*', '*') => "^",
            ('<', '=') => "≤",
            ('>', '=') => "≥",
            ('!', '=') => "≠",
            ('=', '=') => "=",
            _ => null,
        };
        if (pair is not null)
            _at++;
        Add(MathTokenKind.Sign, pair ?? ("+-*/^_=<>()[]{}|!%,;:&$'".Contains(character, StringComparison.Ordinal)
            ? character.ToString()
            : throw new UnreadableException($"The sign {character} (U+{(int)character:X4}).")));
    }

    private void Word(string word)
    {
        var lower = word.ToLowerInvariant();
        if (lower is "and" or "or")
            Add(MathTokenKind.Sign, lower == "and" ? And : Or);
        else if (word is "pi" or "Pi" or "PI")
            Add(MathTokenKind.Letter, "pi");
        else if (lower is "infinity")
            Add(MathTokenKind.Command, "infty");
        else if (MathSymbols.Functions.Contains(word))
            Add(MathTokenKind.Command, word);
        // The segment AB is not BA times anything, nor IX the product of I and X.
        else if (word.Length == 2 && word.All(char.IsAsciiLetterUpper))
            Add(MathTokenKind.Letter, word);
        else if (word.Length > 2 || (word.Length == 2 && (Units.IsUnit(word) || lower is "no" or "sq")))
            Add(MathTokenKind.Words, lower);
        else
            foreach (var letter in word)
                Add(MathTokenKind.Letter, letter.ToString());
    }
}
