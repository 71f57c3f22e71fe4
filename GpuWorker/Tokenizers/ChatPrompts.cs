using Curriculum.Plans;

namespace GpuWorker.Tokenizers;

/// <summary>Prompts as turns: what is asked is the user's, and the assistant's is open after it.</summary>
internal sealed class ChatPrompts
{
    private readonly ByteLevelTokenizer _tokenizer;
    private readonly ChatPlan _plan;
    private readonly ChatTemplate _template;

    /// <exception cref="InvalidDataException">The tokenizer has no control tokens of a known format, or not those of the plan's; the message says which.</exception>
    public ChatPrompts(ByteLevelTokenizer tokenizer, ChatPlan plan)
    {
        var format = plan.Format ?? ChatTemplate.FormatOf(tokenizer) ?? throw new InvalidDataException(
            "Expected a tokenizer with the control tokens <|im_start|> (Qwen) or <|start_header_id|> (Llama 3) for a chat template, found neither: leave base.chat out.");
        (_tokenizer, _plan, _template) = (tokenizer, plan with { Format = format }, new(tokenizer, format));
        if (plan.Thinking && format != ChatFormat.Qwen3)
            throw new InvalidDataException($"Expected base.chat.thinking to be false: of the chat formats only qwen3 has monologues, and the tokenizer is of {format}.");
    }

    /// <summary>The plan with the format that was found.</summary>
    public ChatPlan Plan => _plan;

    /// <summary>The ids of a prompt.</summary>
    /// <param name="asked">The user's turn; white space at its end parts bare texts and is left out.</param>
    /// <param name="begun">What the assistant has said already.</param>
    /// <exception cref="FormatException">The text cannot be encoded.</exception>
    public int[] Encode(string asked, string begun)
    {
        ChatMessage[] messages = _plan.System is { } system ? [new("system", system), new("user", asked.TrimEnd())] : [new("user", asked.TrimEnd())];
        return [.. _template.Encode(messages, generationPrompt: true, _plan.Thinking), .. _tokenizer.Encode(begun)];
    }
}
