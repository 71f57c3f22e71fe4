using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Curriculum.Draws;

/// <summary>A stream of random numbers that is a pure function of a text key: the same on every machine, worker and runtime.</summary>
/// <remarks>
/// Counter-based: the first 16 bytes of the SHA-256 of the key's UTF-8 are two little-endian words s0 and s1, and the number at position i
/// is mix(mix(s0 + (i + 1) * 0x9E3779B97F4A7C15) ^ s1), mix being the finaliser of splitmix64. So a draw can be taken at any position
/// (<see cref="UInt64At"/>, <see cref="DoubleAt"/>) without those before it. Not for secrets. One stream is not safe for threads
/// that share its cursor; the <c>At</c> methods are.
/// </remarks>
public sealed class KeyedRandom
{
    private readonly ulong _first;
    private readonly ulong _second;
    private ulong _position;

    private KeyedRandom(string key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(key), hash);
        _first = BinaryPrimitives.ReadUInt64LittleEndian(hash);
        _second = BinaryPrimitives.ReadUInt64LittleEndian(hash[8..]);
    }

    /// <summary>The stream of that key, at its start.</summary>
    public static KeyedRandom Stream(string key) => new(key);

    /// <summary>The uniform number in [0, 1) at one position of a key's stream.</summary>
    public static double Uniform(string key, ulong position) => new KeyedRandom(key).DoubleAt(position);

    /// <summary>The 64 bits at a position; leaves the cursor where it is.</summary>
    public ulong UInt64At(ulong position) =>
        Mix(Mix(unchecked(_first + ((position + 1) * 0x9E3779B97F4A7C15))) ^ _second);

    /// <summary>The uniform number in [0, 1) at a position, a multiple of 2^-53; leaves the cursor where it is.</summary>
    public double DoubleAt(ulong position) => (UInt64At(position) >> 11) * (1.0 / (1UL << 53));

    public ulong NextUInt64() => UInt64At(_position++);

    /// <summary>Uniform in [0, 1), a multiple of 2^-53.</summary>
    public double NextDouble() => DoubleAt(_position++);

    /// <summary>True with the given probability; 0 never, 1 always.</summary>
    public bool NextBool(double probability) => NextDouble() < probability;

    /// <summary>Uniform over 0 .. <paramref name="exclusiveMax"/> - 1, without modulo bias.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="exclusiveMax"/> is not positive.</exception>
    public int NextInt(int exclusiveMax)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exclusiveMax);
        var range = (ulong)exclusiveMax;
        var high = Math.BigMul(NextUInt64(), range, out var low);
        if (low < range)
        {
            // 2^64 mod range: products whose low word lies under it are the surplus that would bias some results (Lemire 2019).
            var surplus = unchecked(0 - range) % range;
            while (low < surplus)
                high = Math.BigMul(NextUInt64(), range, out low);
        }

        return (int)high;
    }

    /// <summary>Fisher-Yates, from the end.</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var last = items.Length - 1; last > 0; last--)
        {
            var other = NextInt(last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }

    private static ulong Mix(ulong bits)
    {
        unchecked
        {
            bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
            bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
            return bits ^ (bits >> 31);
        }
    }
}
