namespace LocalHost.Launch;

/// <summary>A small file that whoever started the host waits for: it appears whole, and only its owner reads it.</summary>
internal static class LauncherFile
{
    public static async Task WriteAsync(string path, string text, CancellationToken cancellationToken)
    {
        var full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        var partial = $"{full}.{Environment.ProcessId}.tmp";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using (var writer = new StreamWriter(partial, options))
            await writer.WriteAsync(text.AsMemory(), cancellationToken);
        File.Move(partial, full, overwrite: true);
    }
}
