namespace Curriculum.Tests;

/// <summary>No line of code is longer than .editorconfig says; a text that would have to be cut counts for its quotes alone.</summary>
[Trait("Speed", "fast")]
public class LineLengthTests
{
    private const int Most = 200;
    private const string Raw = "\"\"\"";

    [Fact]
    public void Lines_of_code_are_at_most_200_characters_long_beside_their_texts()
    {
        var files = Directory.EnumerateFiles(Repository.Root, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(folder => folder is "bin" or "obj" or "node_modules" or ".local"));
        Assert.Empty(files.SelectMany(Long));
    }

    private static IEnumerable<string> Long(string file)
    {
        var (number, raw) = (0, false);
        foreach (var line in File.ReadLines(file))
        {
            number++;
            var was = raw;
            raw ^= line.Split(Raw).Length % 2 == 0;
            if (!was && !raw && Length(line) > Most)
                yield return $"{Path.GetRelativePath(Repository.Root, file)}({number})";
        }
    }

    private static int Length(string line) => line.Length - Math.Max(0, line.LastIndexOf('"') - line.IndexOf('"', StringComparison.Ordinal) - 1);
}
