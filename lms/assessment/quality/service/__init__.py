"""What is done about the quality of items: figures computed and kept, lists, reports of learners."""
