using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Curriculum.Texts;

namespace Orchestrations.Reports;

/// <summary>Markup under construction: what stands in the source is written as it is, what is filled in is encoded.</summary>
internal sealed class Markup
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly StringBuilder _text = new();

    /// <summary>Appends an interpolated string, which its handler has written by the time this is called. There is no overload for a plain one, so nothing goes in unencoded by accident.</summary>
    public void Add([InterpolatedStringHandlerArgument("")] ref Handler markup) => _text.Append('\n');

    /// <summary>Appends what was written elsewhere.</summary>
    public void Add(Markup written) => _text.Append(written._text);

    /// <summary>Appends a constant style sheet, in which quotes and angle brackets are its own.</summary>
    public void AddStyle([ConstantExpected] string css) => _text.Append(css).Append('\n');

    public override string ToString() => _text.ToString();

    [InterpolatedStringHandler]
    internal readonly ref struct Handler
    {
        private readonly StringBuilder _text;

        public Handler(int literalLength, int formattedCount, Markup page)
        {
            _text = page._text;
            _text.EnsureCapacity(_text.Length + literalLength + 8 * formattedCount);
        }

        public void AppendLiteral(string markup) => _text.Append(markup);

        public void AppendFormatted(string? text) => _text.Append(Encoder.Encode(VisibleText.Of(text ?? "")));

        public void AppendFormatted(int number) => _text.Append(CultureInfo.InvariantCulture, $"{number}");

        /// <summary>Coordinates: two decimals are enough.</summary>
        public void AppendFormatted(double number) => _text.Append(number.ToString("0.##", CultureInfo.InvariantCulture));
    }
}
