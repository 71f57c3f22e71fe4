using System.Globalization;
using Curriculum.Arithmetic;
using Curriculum.Verifiers.Algebra;

namespace Curriculum.Verifiers;

/// <summary>Reads tokens as a value; what can be read in two ways is refused.</summary>
/// <remarks>
/// Top level here: lists and unions. Relations are in <c>MathParser.Relations.cs</c>, units in <c>MathParser.Quantities.cs</c>, expressions in
/// <c>MathParser.Expressions.cs</c>. Notation: <c>1/2x</c> (is x below?) and
/// <c>2\frac{3}{2}</c> (a product?) are refused; <c>1\frac{1}{2}</c> and <c>1 1/2</c> are mixed numbers.
/// </remarks>
internal sealed partial class MathParser(List<MathToken> tokens, WorkBound work, bool isReference = false)
{
    private const int MaxDepth = 40;
    private const int MaxItems = 100;

    private int _at;
    private int _depth;
    private int _branches;
    private int _branchSign = 1;
    private readonly HashSet<string> _joints = new(StringComparer.Ordinal);

    private MathToken Peek => _at < tokens.Count ? tokens[_at] : default;

    /// <summary>The answer; a part that says ± is a list of both values.</summary>
    /// <exception cref="UnreadableException">It is not understood.</exception>
    public MathValue Answer()
    {
        if (tokens.Count == 0)
            throw new UnreadableException("Nothing is written.");
        var items = Items(spread: true);
        if (Peek.Kind != MathTokenKind.End)
            throw new UnreadableException($"'{Peek.Text}' does not belong there.");
        return items.Count == 1 ? items[0]
            : NamedTuples(items) is { } tuples ? new Several(SeveralKind.List, tuples)
            : new Several(items.Any(item => item is Relation) || (AreConditions(items) && _joints.Contains(MathLexer.Or)) ? Joined(items) : SeveralKind.List, items);
    }

    // x = 1 or y = 2 is no pair; x = 1 or x = 2 lists the values of x, whatever the word.
    private static bool AreConditions(List<MathValue> items) => items.Any(item => item is Equation)
        || items.OfType<Labelled>().Select(item => item.Name).Distinct(StringComparer.Ordinal).Count() > 1;

    // x=1, y=2; x=3, y=4 are two tuples, by their names.
    private static List<MathValue>? NamedTuples(List<MathValue> items)
    {
        if (items.Any(item => item is not Labelled { Name: not null }))
            return null;
        string[] names = [.. items.Select(item => ((Labelled)item).Name!)];
        var size = names.Distinct(StringComparer.Ordinal).Count();
        if (size < 2 || size == names.Length || names.Length % size != 0 || names.Chunk(size).Any(chunk => !chunk.SequenceEqual(names.Take(size))))
            return null;
        return [.. items.Chunk(size).Select(MathValue (chunk) => new Sequence('(', [.. chunk.OrderBy(item => ((Labelled)item).Name, StringComparer.Ordinal)], ')'))];
    }

    // Values are listed by whatever word; of conditions it says whether all hold or one.
    private SeveralKind Joined(List<MathValue> items) => (_joints.Contains(MathLexer.And), _joints.Contains(MathLexer.Or)) switch
    {
        (true, false) => SeveralKind.All,
        (false, true) => SeveralKind.Any,
        (false, false) => SeveralKind.List,
        _ => throw new UnreadableException($"Both 'and' and 'or' between {items.Count} conditions."),
    };

    private bool Joint()
    {
        if (!(Peek.Is(",") || Peek.Is(";") || Peek.Is(MathLexer.And) || Peek.Is(MathLexer.Or)))
            return false;
        _joints.Add(tokens[_at++].Text);
        return true;
    }

    private List<MathValue> Items(bool spread = false)
    {
        List<MathValue> items = [];
        Add(items, spread);
        while (Joint())
        {
            // "1, 2, and 3"
            while (Joint())
            {
            }

            Add(items, spread);
            if (items.Count > MaxItems)
                throw new UnreadableException($"More than {MaxItems} items.");
        }

        return items;
    }

    // 1 ± √2 is read twice, in a tuple by whoever reads the tuple.
    private void Add(List<MathValue> items, bool spread)
    {
        var (start, depth, before) = (_at, _depth, _branches);
        items.Add(Item());
        if (!spread || _branches == before)
            return;
        if (_branches > before + 1)
            throw new UnreadableException("More than one ± in one value.");
        (_at, _depth, _branches, _branchSign) = (start, depth, before, -1);
        items.Add(Item());
        _branchSign = 1;
    }

    private MathValue Item()
    {
        work.Spend(1);
        var first = Relation();
        // -1 < x ≤ 1 : (-1, 1] says it twice.
        if (first is Relation && Peek.Is(":"))
        {
            _at++;
            return MathValue.Same(first, Item(), work) ? first : throw new UnreadableException("A condition and, after a colon, another.");
        }

        if (Peek.Is("∖"))
        {
            _at++;
            return new Sequence('∖', [first, Relation()], '∖');
        }

        if (!Peek.Is("∪"))
            return first;
        List<MathValue> parts = [first];
        while (Peek.Is("∪"))
        {
            _at++;
            parts.Add(Relation());
        }

        return parts.All(part => part is Sequence or Several { Kind: SeveralKind.Set })
            ? new Several(SeveralKind.Union, parts)
            : throw new UnreadableException("A union of something other than intervals and sets.");
    }

    private static bool IsName(Quotient value) => Labelled.NameOf(value) is not null;

    private static Rational Integer(string number) => Rational.TryParse(number, out var value) ? value : throw new UnreadableException($"The number {number}.");

    private Quotient Number(string text)
    {
        var exponent = text.IndexOf('e', StringComparison.Ordinal);
        var value = Integer(exponent < 0 ? text : text[..exponent]);
        if (exponent < 0)
            return Quotient.Of(value);
        if (!int.TryParse(text.AsSpan(exponent + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var power))
            throw new UnreadableException($"The exponent of {text}.");
        return Quotient.Of(value * Numbers.Power(10, power, work));
    }
}
