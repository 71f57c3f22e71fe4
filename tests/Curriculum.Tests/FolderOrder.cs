using System.Text.RegularExpressions;

namespace Curriculum.Tests;

/// <summary>The folders of a project from the lowest to the highest: the sources in one may name what lies in those before it, and no other.</summary>
/// <param name="project">The project's folder, which is its root namespace too.</param>
/// <param name="folders">Lowest first.</param>
internal sealed partial class FolderOrder(string project, IReadOnlyList<string> folders)
{
    public IReadOnlyList<string> Folders => folders;

    /// <summary>What the sources have against the order, each with its file; empty where they follow it.</summary>
    /// <param name="sources">Path within the project, with slashes, and text.</param>
    public IReadOnlyList<string> Faults(IReadOnlyDictionary<string, string> sources)
    {
        var types = sources.SelectMany(source => DeclaredType().Matches(source.Value).Select(type => (Folder: FolderOf(source.Key), Name: type.Groups["name"].Value))).Distinct()
            .ToLookup(type => type.Folder, type => type.Name);
        return
        [
            .. sources.Keys.Select(FolderOf).OfType<string>().Distinct().Except(folders).Select(folder => $"{project}/{folder} has no place in the order"),
            .. folders.Except(sources.Keys.Select(FolderOf)).Select(folder => $"{project}/{folder} has a place in the order and no source"),
            .. sources.SelectMany(source => FaultsOf(source.Key, source.Value, types)).Order(StringComparer.Ordinal),
        ];
    }

    private IEnumerable<string> FaultsOf(string path, string text, ILookup<string?, string> types)
    {
        foreach (Match made in GlobalUsing().Matches(text))
        {
            if (made.Groups["root"].Value == project)
                yield return $"{project}/{path} has a global using of {project}.{made.Groups["folder"].Value}, so that every folder would use it";
        }

        if (FolderOf(path) is not { } own)
            yield break;

        var home = $"{project}.{path[..path.LastIndexOf('/')].Replace('/', '.')}";
        foreach (Match declared in Namespace().Matches(text))
        {
            if (declared.Groups["name"].Value != home)
                yield return $"{project}/{path} declares the namespace {declared.Groups["name"].Value}; expected {home}";
        }

        if (types[null].FirstOrDefault(name => Regex.IsMatch(text, $@"(?<![\w.]){name}\b")) is { } root)
            yield return $"{project}/{path} uses {root} of the project's root";
        foreach (var above in folders.SkipWhile(folder => folder != own).Skip(1).Where(folder => Names(text, folder, types[folder])))
            yield return $"{project}/{path} uses {project}.{above}, which is above {own}";
    }

    // Curriculum.Plans in a using of any kind or in a full name; Plans.RunPlan within the project's own namespace.
    private bool Names(string text, string folder, IEnumerable<string> declared) =>
        Regex.IsMatch(text, $@"(?<![\w.]){project}\s*\.\s*{folder}\b")
        || Regex.Matches(text, $@"(?<![\w.]){folder}\.(?:\w+\.)?(?<name>\w+)").Any(match => declared.Contains(match.Groups["name"].Value));

    private static string? FolderOf(string path) => path.IndexOf('/', StringComparison.Ordinal) is > 0 and var end ? path[..end] : null;

    [GeneratedRegex(@"^(?:(?:public|internal|private|file|static|sealed|abstract|readonly|partial|unsafe|ref)\s+)*(?:record\s+struct|record\s+class|record|class|struct|interface|enum)\s+(?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex DeclaredType();

    [GeneratedRegex(@"^namespace\s+(?<name>[\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^global\s+using\s+(?:static\s+|\w+\s*=\s*)?(?:global::)?(?<root>\w+)\.(?<folder>\w+)", RegexOptions.Multiline)]
    private static partial Regex GlobalUsing();
}
