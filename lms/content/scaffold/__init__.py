"""New courses, quizzes, contests, schemes and content repositories, with remarks that teach in the author's language."""
