using System.Globalization;
using System.Text;

namespace ModelScale;

/// <summary>Everything that one thread of this machine is measured on, written into a page between its marks.</summary>
internal static class All
{
    private const string Begin = "<!-- measured: begin -->";
    private const string End = "<!-- measured: end -->";

    private static readonly (string Title, Func<int> Run)[] Parts =
    [
        ("Policies of up to 40 million parameters, sampled (`lanes`)", LaneRollouts.Run),
        ("Small policies, gradients (`lane-updates`)", LaneUpdates.Run),
        ("Qwen2.5-0.5B's shape beside llama.cpp (`llama`)", () => LlamaPeer.Run(threads: 1)),
    ];

    public static int Run(string page)
    {
        var text = File.ReadAllText(page);
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        if (begin < 0 || end < begin)
        {
            Console.Error.WriteLine($"Expected the marks '{Begin}' and '{End}' in {page}, found none.");
            return 1;
        }

        var console = Console.Out;
        StringBuilder measured = new();
        foreach (var (title, run) in Parts)
        {
            console.WriteLine(title);
            using StringWriter said = new(CultureInfo.InvariantCulture);
            Console.SetOut(said);
            var code = run();
            Console.SetOut(console);
            console.Write(said);
            if (code != 0)
                return code;
            measured.Append(CultureInfo.InvariantCulture, $"\n{title}:\n\n```\n{said}```\n");
        }

        File.WriteAllText(page, $"{text[..(begin + Begin.Length)]}\n{measured}\n{text[end..]}");
        return 0;
    }
}
