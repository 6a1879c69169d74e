using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace Container.Engine.Containers;

/// <summary>Names as contained.c and Crabcan make them.</summary>
internal static class SeedNames
{
    private const int Cards = 78;

    private static readonly string[] Major =
    [
        "fool", "magician", "high-priestess", "empress", "emperor", "hierophant", "lovers", "chariot", "strength",
        "hermit", "wheel", "justice", "hanged-man", "death", "temperance", "devil", "tower", "star", "moon", "sun",
        "judgment", "world",
    ];

    private static readonly string[] Ranks =
    [
        "ace", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "page", "knight", "queen", "king",
    ];

    private static readonly string[] Suits = ["swords", "wands", "pentacles", "cups"];

    private static readonly string[] Adjectives =
    [
        "blue", "red", "green", "yellow", "big", "small", "tall", "thin", "round", "square", "triangular", "weird",
        "noisy", "silent", "soft", "irregular",
    ];

    private static readonly string[] Nouns = ["cat", "world", "coffee", "girl", "man", "book", "pinguin", "moon"];

    /// <summary>The seconds of CLOCK_MONOTONIC in hexadecimal, and the card that its nanoseconds choose.</summary>
    public static string Tarot(long timestamp)
    {
        long seconds = timestamp / Stopwatch.Frequency;
        long nanoseconds = timestamp % Stopwatch.Frequency * (1_000_000_000 / Stopwatch.Frequency);
        int card = (int)(nanoseconds % Cards);
        string time = seconds.ToString("x5", CultureInfo.InvariantCulture);
        if (card < Major.Length) return $"{time}-{Major[card]}";
        card -= Major.Length;
        return $"{time}c-{Ranks[card % Ranks.Length]}-of-{Suits[card / Ranks.Length]}";
    }

    /// <summary>As in weird-coffee-17.</summary>
    public static string AdjectiveNoun() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Pick(Adjectives)}-{Pick(Nouns)}-{RandomNumberGenerator.GetInt32(256)}");

    private static string Pick(string[] words) => words[RandomNumberGenerator.GetInt32(words.Length)];
}
