using System.Reflection;
using System.Text.Json;
using Azure.Storage.Queues.Models;
using LocalHost.Hosting;

namespace LocalHost.Triggers.Queues;

/// <summary>Turns a message into the type of a queue function's parameter: text, bytes, the message itself, or a type read from JSON.</summary>
internal static class QueueBinding
{
    /// <exception cref="HostSettingsException">The function has a parameter that a message does not provide.</exception>
    public static void Check(FoundFunction function)
    {
        if (function.Others.FirstOrDefault() is { } other)
            throw new HostSettingsException($"Nothing binds the parameter '{other.Name}' of the queue function '{function.Name}'.");
    }

    /// <param name="parameter">The parameter of the trigger.</param>
    /// <param name="message">The message, its body already decoded.</param>
    /// <param name="json">How JSON is read.</param>
    public static object? Bind(ParameterInfo parameter, QueueMessage message, JsonSerializerOptions json) => parameter.ParameterType switch
    {
        var type when type == typeof(string) => message.Body.ToString(),
        var type when type == typeof(byte[]) => message.Body.ToArray(),
        var type when type == typeof(BinaryData) => message.Body,
        var type when type == typeof(QueueMessage) => message,
        var type => JsonSerializer.Deserialize(message.Body, type, json),
    };

    /// <summary>The message with its base64 body decoded, or null where it is not base64.</summary>
    public static QueueMessage? Decode(QueueMessage message)
    {
        var encoded = message.Body.ToMemory().Span;
        var decoded = new byte[System.Buffers.Text.Base64.GetMaxDecodedFromUtf8Length(encoded.Length)];
        return System.Buffers.Text.Base64.DecodeFromUtf8(encoded, decoded, out _, out var length) == System.Buffers.OperationStatus.Done
            ? QueuesModelFactory.QueueMessage(
                message.MessageId, message.PopReceipt, BinaryData.FromBytes(decoded.AsMemory(0, length)), message.DequeueCount,
                message.NextVisibleOn, message.InsertedOn, message.ExpiresOn)
            : null;
    }
}
