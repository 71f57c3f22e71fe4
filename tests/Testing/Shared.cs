namespace Testing;

/// <summary>Reference data that lives beside the checkout; tests that need it skip where it is absent.</summary>
public static class Shared
{
    /// <summary>The path of a file or folder under <c>shared/data</c>, or null where it is absent.</summary>
    public static string? Data(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "data", name);
            if (Path.Exists(candidate))
                return candidate;
        }

        return null;
    }
}
