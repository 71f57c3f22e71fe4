using System.Text;

namespace Curriculum.Texts;

/// <summary>Writes to a terminal what is in data, and nothing that the terminal would obey: see <see cref="VisibleText"/>.</summary>
public sealed class VisibleWriter(TextWriter terminal) : TextWriter
{
    public override Encoding Encoding => terminal.Encoding;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(string? value) => terminal.Write(value is null ? null : VisibleText.Of(value));

    public override void WriteLine(string? value)
    {
        Write(value);
        terminal.WriteLine();
    }

    public override void Flush() => terminal.Flush();
}
