using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Curriculum.Plans;

namespace GpuWorker.Tokenizers;

/// <summary>Chat templates that are recognised by their text.</summary>
/// <remarks>
/// A template is a program, and control tokens do not identify it: Qwen2, Qwen2.5, Qwen2.5-Math and Qwen3-2507 share theirs and differ in their prompts. So the whole text
/// is compared, except for surrounding white space and, in two of the programs, the default system message, which is read from it.
/// </remarks>
internal static partial class KnownChatTemplates
{
    private const string Fallback = "\u0001";

    // SHA-256 of the text; the models that are published with it.
    private static readonly Dictionary<string, ChatFormat> Formats = new(StringComparer.Ordinal)
    {
        // Qwen2, and Qwen2.5 with Qwen2.5-Math and Qwen2.5-Coder, their own system message taken out.
        ["bbd75fcaffbc7d4258be2c67bdc6da74e3c30b2ee81698d05b853b5103305b6b"] = ChatFormat.ChatMl,
        ["4995b0d9d71de4c517ae7473a4deab24c653066a97234fe7afe36564bd14ce7d"] = ChatFormat.ChatMl,
        // Qwen3-Instruct-2507, and the short form that many folders have.
        ["64f85b198065d0fba2a81f37e10ed68161ce2c19a754c7100e67e0ca2ee9c326"] = ChatFormat.ChatMl,
        ["153280e3ff55d19da1398bdb3914ee2a51b80429bfaedde11d7d216c39db80f3"] = ChatFormat.ChatMl,
        // Qwen3, as published and as revised.
        ["87a2728cb8dc9fe424d624542f6060ec05a1d285ebbec578bb078900e33396b5"] = ChatFormat.Qwen3,
        ["a55ee1b1660128b7098723e0abcd92caa0788061051c62d51cbe87d9cf1974d8"] = ChatFormat.Qwen3,
        // Qwen3's thinking models; QwQ, as published and as revised.
        ["3802169b2a02b81e6adb7ab4f64f91ff02db753c8c3a64a01c35192d3a61d8d7"] = ChatFormat.Qwen3Thinking,
        ["3487c45e3264dacd700300db2d9c63f97dc7fb68057c8cb805fb5dd5c6366811"] = ChatFormat.Qwen3Thinking,
        ["cb2d7aa140bed098f4ac8ab1a403980e6768d58ec95ef701668fc7dd017e0762"] = ChatFormat.Qwen3Thinking,
        // Llama 3; the first always opens the assistant's turn.
        ["b48c47f6443892716176eb200bf4ef108f64e06ca26ed0fa8ebc0a4b3992fcb2"] = ChatFormat.Llama3,
        ["ba03a121d097859c7b5b9cd03af99aafe95275210d2876f642ad9929a150f122"] = ChatFormat.Llama3,
        // Llama 3.1, and Llama 3.2.
        ["93c0e9aa3629bbd77e68dbc0f5621f6e6b23aa8d74b932595cdb8d64684526d7"] = ChatFormat.Llama31,
        ["d82792f95932f1c9cef5c4bd992f171225e3bf8c7b609b4557c9e1ec96be819f"] = ChatFormat.Llama31,
    };

    /// <summary>The format of a template, and the system message that it falls back on; null where the template is not known.</summary>
    public static (ChatFormat Format, string? System)? Of(string template)
    {
        var text = template.ReplaceLineEndings("\n").Trim();
        if (Formats.TryGetValue(Hash(text), out var format))
            return (format, null);
        if (OwnSystem().Match(text) is not { Success: true } own)
            return null;
        var system = own.Groups[1].Value;
        return Formats.TryGetValue(Hash(text.Replace(system, Fallback, StringComparison.Ordinal)), out format)
            ? (format, system.Replace(@"\\", @"\", StringComparison.Ordinal))
            : null;
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    // A literal of the template: a line end stands in it as itself or escaped.
    [GeneratedRegex(@"\{\{-? '<\|im_start\|>system(?:\\n|\n)((?:[^'\\\n<]|\\\\)+)<\|im_end\|>(?:\\n|\n)' \}\}")]
    private static partial Regex OwnSystem();
}
