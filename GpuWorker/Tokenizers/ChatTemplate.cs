using System.Text.Json;
using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Work;

namespace GpuWorker.Tokenizers;

/// <summary>A chat model's prompt: a system message, the user's turn, and the assistant's turn opened; without tools.</summary>
/// <remarks>Control tokens come from the template alone: a message is plain text, even where it spells a control token.</remarks>
internal sealed class ChatTemplate
{
    private const string Qwen25System = "You are Qwen, created by Alibaba Cloud. You are a helpful assistant.";

    // The date that the template itself falls back on: a prompt must not change with the day.
    private const string Llama31System = "Cutting Knowledge Date: December 2023\nToday Date: 26 Jul 2024\n\n";

    private readonly ByteLevelTokenizer _tokenizer;
    private readonly ChatFormat _format;

    /// <exception cref="InvalidDataException">The tokenizer lacks a control token of the format; the message names it.</exception>
    public ChatTemplate(ByteLevelTokenizer tokenizer, ChatFormat format)
    {
        (_tokenizer, _format) = (tokenizer, format);
        string[] wanted = IsLlama
            ? ["<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"]
            : format is ChatFormat.Qwen3 or ChatFormat.Qwen3Thinking ? ["<|im_start|>", "<|im_end|>", "<think>", "</think>"] : ["<|im_start|>", "<|im_end|>"];
        if (wanted.FirstOrDefault(token => tokenizer.Added(token) is null) is { } missing)
            throw new InvalidDataException(
                $"Expected a tokenizer with the control token {missing} of the chat format {Name(format)}, found none: set base.chat.format to the model's own, or leave base.chat out.");
    }

    /// <summary>The control token that ends a turn.</summary>
    public static string TurnEnd(ChatFormat format) => format is ChatFormat.Llama3 or ChatFormat.Llama31 ? "<|eot_id|>" : "<|im_end|>";

    /// <summary>The format as plans write it.</summary>
    public static string Name(ChatFormat format) => JsonSerializer.SerializeToElement(new ChatPlan { Format = format }, CurriculumJson.Default.ChatPlan).GetProperty("format").GetString()!;

    private bool IsLlama => _format is ChatFormat.Llama3 or ChatFormat.Llama31;

    /// <summary>The ids of a prompt, the assistant's turn open at its end.</summary>
    /// <param name="system">The system message; null for none, or for the format's own.</param>
    /// <param name="user">What is asked.</param>
    /// <param name="thinking">Qwen3 alone: false closes the monologue before it begins.</param>
    /// <exception cref="FormatException">A message has the character that stands for the end of a turn.</exception>
    public int[] Encode(string? system, string user, bool thinking)
    {
        foreach (var (role, content) in ((string, string)[])[("system", system ?? ""), ("user", user)])
        {
            if (content.Contains(Gsm8k.End, StringComparison.Ordinal))
                throw new FormatException($"Expected messages without U+0003, which ends a turn; found it in the message of the role {role}.");
        }

        var written = new ChatWriter(_tokenizer);
        if (IsLlama)
            WriteLlama(written, _format == ChatFormat.Llama31 ? Llama31System + system?.Trim() : system?.Trim(), user.Trim());
        else
            WriteChatMl(written, system ?? (_format == ChatFormat.Qwen25 ? Qwen25System : null), user, thinking);
        return written.ToIds();
    }

    private static void WriteLlama(ChatWriter written, string? system, string user)
    {
        written.Token("<|begin_of_text|>");
        if (system is not null)
            Head("system").Text(system).Token("<|eot_id|>");
        Head("user").Text(user).Token("<|eot_id|>");
        Head("assistant");

        ChatWriter Head(string role) => written.Token("<|start_header_id|>").Text(role).Token("<|end_header_id|>").Text("\n\n");
    }

    private void WriteChatMl(ChatWriter written, string? system, string user, bool thinking)
    {
        if (system is not null)
            Open("system").Text(system).Token("<|im_end|>").Text("\n");
        Open("user").Text(user).Token("<|im_end|>").Text("\n");
        Open("assistant");
        if (_format == ChatFormat.Qwen3Thinking)
            written.Token("<think>").Text("\n");
        else if (_format == ChatFormat.Qwen3 && !thinking)
            written.Token("<think>").Text("\n\n").Token("</think>").Text("\n\n");

        ChatWriter Open(string role) => written.Token("<|im_start|>").Text($"{role}\n");
    }
}
