using System.Text.RegularExpressions;

namespace LocalHost.Tests.OfficialSurface;

/// <summary>Types and their members, line by line, as a listing of the official packages writes them.</summary>
internal static partial class Listing
{
    /// <summary>The headers of a folder's listings, each with its member lines; lines with <c>#</c> are comments.</summary>
    public static Dictionary<string, HashSet<string>> Read(string folder)
    {
        var types = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var file in Directory.GetFiles(folder, "*.txt"))
        {
            HashSet<string> members = [];
            foreach (var line in File.ReadLines(file).Where(l => l.Trim() is not ("" or ['#', ..])))
            {
                if (Header().IsMatch(line))
                    types[line] = members = new(StringComparer.Ordinal);
                else if (line.StartsWith("  ", StringComparison.Ordinal))
                    members.Add(line.Trim());
            }
        }

        return types;
    }

    /// <summary>The first folder of that path at or above the tests' own, or null.</summary>
    public static string? Find(params string[] path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine([folder.FullName, .. path]);
            if (Directory.Exists(candidate))
                return candidate;
        }

        return null;
    }

    [GeneratedRegex(@"^[\w.]+: ((static|abstract|sealed) )?(class|struct|interface|enum|delegate) ")]
    private static partial Regex Header();
}
