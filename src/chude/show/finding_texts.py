"""What the report calls the findings of a corpus, in Vietnamese and English."""

FINDING_TEXTS = {
    "findings": ("Điều nên sửa trong ngữ liệu", "What to mend in the corpus"),
    "issue": ("vấn đề", "issue"),
    "findings_found": ("số lần thấy", "found"),
    "to_mend": ("cần sửa", "to mend"),
    "first_findings": ("những bài đầu tiên", "the first articles"),
    "findings_note": (
        "Liệt kê tất cả, cả bài trùng, bài hỏng và bài thiếu ngày: chude check NGỮ_LIỆU; vào trang "
        "này: chude report --corpus NGỮ_LIỆU.",
        "All of them, with copies, damaged texts and missing dates: chude check CORPUS; in this "
        "page: chude report --corpus CORPUS.",
    ),
    "issue_exact_duplicate": ("trùng nguyên văn", "the same text"),
    "issue_near_duplicate": ("gần như trùng", "nearly the same text"),
    "issue_same_text_other_themes": ("một văn bản, nhãn khác nhau", "one text, other themes"),
    "issue_leakage": ("có trong tập kiểm tra", "in the test set too"),
    "issue_label_error": ("nhãn đáng ngờ", "doubtful label"),
    "issue_empty": ("bài trống", "empty"),
    "issue_very_short": ("rất ngắn", "very short"),
    "issue_very_long": ("rất dài", "very long"),
    "issue_other_language": ("ngôn ngữ khác", "another language"),
    "issue_damaged_encoding": ("bảng mã hỏng", "damaged encoding"),
    "issue_boilerplate": ("câu lặp ở nhiều bài", "a sentence of many articles"),
    "issue_date_missing": ("thiếu ngày", "no date"),
    "issue_date_in_future": ("ngày ở tương lai", "a date in the future"),
    "issue_few_articles": ("chủ đề ít bài", "a theme of few articles"),
}
