using System.Text;

namespace LocalHost.Durable;

/// <summary>Where a page ends: the last id on it, as text that fits a header.</summary>
internal static class PageToken
{
    public static string Write(string lastId) => Convert.ToBase64String(Encoding.UTF8.GetBytes(lastId));

    public static string Read(string token)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(token));
        }
        catch (FormatException)
        {
            throw new ArgumentException($"The continuation token '{token}' is not one that this host has given.");
        }
    }
}
