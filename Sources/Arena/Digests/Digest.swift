/// What a persona has done in a day.
package struct DailyDigest: Sendable, Codable, Equatable {
    package let day: String
    package let posts: Int
    package let replies: Int
    package let summary: String
    /// The threads with the most replies in which it took part.
    package let topThreads: [DigestLine]
}

/// What somebody has missed in a week.
package struct WeeklyDigest: Sendable, Codable, Equatable {
    /// Its Monday.
    package let week: String
    package let items: [DigestLine]
}

/// A post in a digest.
package struct DigestLine: Sendable, Codable, Equatable {
    package let postID: PostID
    package let room: String
    package let topic: String
    /// Of the thread, where one was made for its readers.
    package let summary: String?

    enum CodingKeys: String, CodingKey {
        case postID = "postId"
        case room, topic, summary
    }
}
