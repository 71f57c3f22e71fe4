using Curriculum.Plans;
using Curriculum.Problems;

namespace GpuWorker.Tokenizers;

/// <summary>How a chat model's turns are written: the templates of Qwen2.5, Qwen3 and Llama 3, without tools.</summary>
/// <remarks>
/// Control tokens come from the template alone: what a message says is text, even where it spells a control token.
/// Roles are system (first only), user and assistant.
/// </remarks>
internal sealed class ChatTemplate
{
    private const string Qwen25System = "You are Qwen, created by Alibaba Cloud. You are a helpful assistant.";

    private readonly ByteLevelTokenizer _tokenizer;
    private readonly ChatFormat _format;

    /// <exception cref="InvalidDataException">The tokenizer lacks a control token of the format; the message names it.</exception>
    public ChatTemplate(ByteLevelTokenizer tokenizer, ChatFormat format)
    {
        (_tokenizer, _format) = (tokenizer, format);
        string[] wanted = format == ChatFormat.Llama3
            ? ["<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"]
            : format == ChatFormat.Qwen3 ? ["<|im_start|>", "<|im_end|>", "<think>", "</think>"] : ["<|im_start|>", "<|im_end|>"];
        if (wanted.FirstOrDefault(token => tokenizer.Added(token) is null) is { } missing)
            throw new InvalidDataException($"Expected a tokenizer with the control token {missing} of the chat format {format}, found none: set base.chat.format to the model's own, or leave base.chat out.");
    }

    /// <summary>The format that a tokenizer's control tokens belong to; null where it is none of the three.</summary>
    public static ChatFormat? FormatOf(ByteLevelTokenizer tokenizer)
    {
        if (tokenizer.Added("<|start_header_id|>") is not null)
            return ChatFormat.Llama3;
        if (tokenizer.Added("<|im_start|>") is null)
            return null;
        return tokenizer.Added("<think>") is null ? ChatFormat.Qwen25 : ChatFormat.Qwen3;
    }

    /// <summary>The control token that ends a turn.</summary>
    public static string TurnEnd(ChatFormat format) => format == ChatFormat.Llama3 ? "<|eot_id|>" : "<|im_end|>";

    /// <summary>The ids of a conversation.</summary>
    /// <param name="messages">In order.</param>
    /// <param name="generationPrompt">Whether the assistant's turn is opened at the end.</param>
    /// <param name="thinking">Qwen3 alone: false closes the monologue before it begins.</param>
    /// <exception cref="ArgumentException">A role is unknown, or a system message is not the first.</exception>
    /// <exception cref="FormatException">A message has the character that stands for the end of a turn.</exception>
    public int[] Encode(IReadOnlyList<ChatMessage> messages, bool generationPrompt, bool thinking = true)
    {
        for (var i = 0; i < messages.Count; i++)
        {
            if (messages[i].Role is not ("user" or "assistant") && !(messages[i].Role == "system" && i == 0))
                throw new ArgumentException($"Expected the roles user and assistant, and system for the first message; found '{messages[i].Role}' in message {i}.", nameof(messages));
            if (messages[i].Content.Contains(Gsm8k.End, StringComparison.Ordinal))
                throw new FormatException($"Expected messages without U+0003, which ends a turn; found it in message {i}, of the role {messages[i].Role}.");
        }

        var written = new ChatWriter(_tokenizer);
        if (_format == ChatFormat.Llama3)
            WriteLlama3(written, messages, generationPrompt);
        else
            WriteQwen(written, messages, generationPrompt, thinking);
        return written.ToIds();
    }

    private static void WriteLlama3(ChatWriter written, IReadOnlyList<ChatMessage> messages, bool generationPrompt)
    {
        if (messages.Count > 0)
            written.Token("<|begin_of_text|>");
        foreach (var message in messages)
            written.Token("<|start_header_id|>").Text(message.Role).Token("<|end_header_id|>").Text($"\n\n{message.Content.Trim()}").Token("<|eot_id|>");
        if (generationPrompt)
            written.Token("<|start_header_id|>").Text("assistant").Token("<|end_header_id|>").Text("\n\n");
    }

    private void WriteQwen(ChatWriter written, IReadOnlyList<ChatMessage> messages, bool generationPrompt, bool thinking)
    {
        if (_format == ChatFormat.Qwen25 && (messages.Count == 0 || messages[0].Role != "system"))
            Turn("system").Text(Qwen25System).Token("<|im_end|>").Text("\n");
        var lastQuestion = messages.Count - 1;
        for (var i = messages.Count - 1; i >= 0; i--)
        {
            if (messages[i].Role == "user" && !(messages[i].Content.StartsWith("<tool_response>", StringComparison.Ordinal) && messages[i].Content.EndsWith("</tool_response>", StringComparison.Ordinal)))
            {
                lastQuestion = i;
                break;
            }
        }

        for (var i = 0; i < messages.Count; i++)
        {
            Turn(messages[i].Role);
            if (_format == ChatFormat.Qwen3 && messages[i].Role == "assistant")
                WriteAnswer(written, messages[i].Content, afterQuestion: i > lastQuestion, last: i == messages.Count - 1);
            else
                written.Text(messages[i].Content);
            written.Token("<|im_end|>").Text("\n");
        }

        if (!generationPrompt)
            return;
        Turn("assistant");
        if (_format == ChatFormat.Qwen3 && !thinking)
            written.Token("<think>").Text("\n\n").Token("</think>").Text("\n\n");

        ChatWriter Turn(string role) => written.Token("<|im_start|>").Text($"{role}\n");
    }

    // Earlier answers lose their monologue; the last one keeps it, or gets an empty one.
    private static void WriteAnswer(ChatWriter written, string content, bool afterQuestion, bool last)
    {
        var reasoning = "";
        if (content.Contains("</think>", StringComparison.Ordinal))
        {
            reasoning = content[..content.IndexOf("</think>", StringComparison.Ordinal)].TrimEnd('\n');
            reasoning = reasoning[(reasoning.LastIndexOf("<think>", StringComparison.Ordinal) is var open and >= 0 ? open + "<think>".Length : 0)..].TrimStart('\n');
            content = content[(content.LastIndexOf("</think>", StringComparison.Ordinal) + "</think>".Length)..].TrimStart('\n');
        }

        if (afterQuestion && (last || reasoning.Length > 0))
            written.Token("<think>").Text($"\n{reasoning.Trim('\n')}\n").Token("</think>").Text($"\n\n{content.TrimStart('\n')}");
        else
            written.Text(content);
    }
}

/// <summary>One turn.</summary>
internal sealed record ChatMessage(string Role, string Content);
