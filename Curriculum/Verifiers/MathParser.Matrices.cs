using Curriculum.Verifiers.Algebra;

namespace Curriculum.Verifiers;

internal sealed partial class MathParser
{
    private Sequence Matrix()
    {
        List<MathValue> rows = [];
        while (Peek.Is(MathLexer.NextRow))
            _at++;
        while (!Peek.Is(MathLexer.EndMatrix))
        {
            List<MathValue> row = [Quantity()];
            for (; Peek.Is("&"); row.Add(Quantity()))
                _at++;
            rows.Add(new Sequence('&', row, '&'));
            if (rows.Count > MaxItems || row.Count > MaxItems)
                throw new UnreadableException($"More than {MaxItems} rows or columns.");
            if (Peek.Is(MathLexer.NextRow))
                _at++;
            else if (!Peek.Is(MathLexer.EndMatrix))
                throw new UnreadableException("A matrix that does not end.");
        }

        _at++;
        return rows.Count > 0 && rows.All(row => ((Sequence)row).Items.Count == ((Sequence)rows[0]).Items.Count)
            ? new('⟦', rows, '⟧')
            : throw new UnreadableException("A matrix whose rows differ in length.");
    }

    private static bool IsMatrix(MathValue value) => value is Sequence { Open: '⟦' };

    private Quotient[][] Entries(MathValue matrix) => [.. ((Sequence)matrix).Items.Select(Quotient[] (row) => [.. ((Sequence)row).Items.Select(Finite)])];

    private static Sequence Matrix(IEnumerable<IEnumerable<Quotient>> rows) =>
        new('⟦', [.. rows.Select(row => new Sequence('&', [.. row.Select(entry => new Scalar(entry))], '&'))], '⟧');

    private MathValue Added(MathValue one, MathValue other, int sign)
    {
        if (!IsMatrix(one) && !IsMatrix(other))
            return new Scalar(Quotient.Add(Finite(one), Finite(other), sign, work));
        if (!IsMatrix(one) || !IsMatrix(other))
            throw new UnreadableException("A sum of a matrix and something else.");
        var (left, right) = (Entries(one), Entries(other));
        return left.Length == right.Length && left[0].Length == right[0].Length
            ? Matrix(left.Zip(right, (row, next) => row.Zip(next, (a, b) => Quotient.Add(a, b, sign, work))))
            : throw new UnreadableException("A sum of matrices of different sizes.");
    }

    private MathValue Multiplied(MathValue one, MathValue other)
    {
        if (!IsMatrix(one) && !IsMatrix(other))
            return new Scalar(Quotient.Multiply(Finite(one), Finite(other), work));
        if (!IsMatrix(one))
            return Scaled(Finite(one), Entries(other));
        if (!IsMatrix(other))
            return Scaled(Finite(other), Entries(one));
        var (left, right) = (Entries(one), Entries(other));
        return left[0].Length == right.Length
            ? Matrix(left.Select(row => Enumerable.Range(0, right[0].Length).Select(column =>
                row.Select((entry, at) => Quotient.Multiply(entry, right[at][column], work)).Aggregate((sum, term) => Quotient.Add(sum, term, 1, work)))))
            : throw new UnreadableException("A product of matrices whose sizes do not fit.");
    }

    private Sequence Scaled(Quotient factor, Quotient[][] entries) => Matrix(entries.Select(row => row.Select(entry => Quotient.Multiply(factor, entry, work))));
}
